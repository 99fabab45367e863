import { stringify } from "yaml";

import { ports } from "../kubernetes/ports";
import { remoteWrite, type RemoteStore } from "./remote-store";

/** Arguments of Prometheus' configuration. Durations in Prometheus' notation. */
export interface PrometheusConfigArgs {
  /** Out-of-order window: at least the longest outage to survive. */
  readonly outOfOrderTimeWindow: string;
  /** Besides Prometheus itself. */
  readonly scrapeTargets: readonly ScrapeTarget[];
  /** Glob of recording rule files. */
  readonly ruleFiles: string;
  /** Port that Prometheus itself listens on. Default 9090. */
  readonly port?: number;
  /** A distributed store, and the folder with the secret for it. Default none. */
  readonly remote?: { readonly store: RemoteStore; readonly secretDirectory: string };
}

/** One scrape job. */
export interface ScrapeTarget {
  readonly job: string;
  /** A DNS name that resolves to every replica. */
  readonly dnsName: string;
  readonly port: number;
  /** Serves TLS, for other names than `dnsName`. Default false. */
  readonly tls?: boolean;
}

/** Prometheus' configuration file. */
export function prometheusConfig(args: PrometheusConfigArgs): Record<string, unknown> {
  return {
    global: { scrape_interval: "15s", evaluation_interval: "1m" },
    rule_files: [args.ruleFiles],
    storage: { tsdb: { out_of_order_time_window: args.outOfOrderTimeWindow } },
    scrape_configs: [
      { job_name: "prometheus", static_configs: [{ targets: [`localhost:${args.port ?? ports.prometheus}`] }] },
      ...args.scrapeTargets.map((target) => ({
        job_name: target.job,
        // Scraped metrics are no secret, and the certificate is for the name that people use.
        ...(target.tls === true ? { scheme: "https", tls_config: { insecure_skip_verify: true } } : {}),
        dns_sd_configs: [{ names: [target.dnsName], type: "A", port: target.port, refresh_interval: "15s" }],
      })),
    ],
    remote_write: args.remote && [remoteWrite(args.remote.store, args.remote.secretDirectory)],
  };
}

/** A rules file as it is stored: each expression on a line of its own. */
export function rulesFileText(rules: object): string {
  return stringify(rules, { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** Version 2 of remote write, of which Prometheus takes all but the bad samples. */
export const remoteWriteMessage = "io.prometheus.write.v2.Request";

/** Arguments of Prometheus' command line. */
export interface PrometheusFlagsArgs {
  readonly configFile: string;
  readonly dataDirectory: string;
  /** Retention, e.g. `200h`. */
  readonly retention: string;
  /** Size limit of blocks, in Prometheus' notation, e.g. `8GB`. */
  readonly retentionSize: string;
  /** Enables the API that deletes series. Default false. */
  readonly adminApi?: boolean;
  /** Default `0.0.0.0:9090`. */
  readonly listenAddress?: string;
}

/**
 * Prometheus' command line. Collectors send by remote write. Jobs send by OTLP, and so do collectors of version 0.1
 * until an update has replaced them: deltas, each stored as a sample.
 */
export function prometheusFlags(args: PrometheusFlagsArgs): string[] {
  return [
    `--config.file=${args.configFile}`,
    `--storage.tsdb.path=${args.dataDirectory}`,
    `--storage.tsdb.retention.time=${args.retention}`,
    `--storage.tsdb.retention.size=${args.retentionSize}`,
    `--web.listen-address=${args.listenAddress ?? `0.0.0.0:${ports.prometheus}`}`,
    "--web.enable-remote-write-receiver",
    // Version 1 would be taken without a content type, too.
    `--web.remote-write-receiver.accepted-protobuf-messages=${remoteWriteMessage}`,
    "--web.enable-otlp-receiver",
    "--enable-feature=otlp-native-delta-ingestion",
    ...(args.adminApi === true ? ["--web.enable-admin-api"] : []),
  ];
}
