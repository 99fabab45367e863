import * as fs from "node:fs";
import * as path from "node:path";

import { collectorConfig, type CollectorConfigArgs } from "../../components/collector/config";
import { outgoingExporter } from "../../components/collector/outgoing";
import { queueStorage } from "../../components/collector/queue-storage";
import type { Signal } from "./load-sender";

type Config = Record<string, unknown>;

/** A collector beside which the stack's own is measured. */
export interface CostVariant {
  readonly name: string;
  readonly signals: readonly Signal[];
  readonly configure: (args: CollectorConfigArgs) => Config;
  /** Go's `GOGC`. Default: the stack's. */
  readonly garbagePercent?: string;
}

interface Parts {
  readonly receivers: Record<string, unknown>;
  readonly exporters: Record<string, Record<string, unknown>>;
  readonly service: { readonly pipelines: Record<string, { processors: string[]; exporters: string[] }> };
}

/** The stack's collector, and what it costs without one of its promises each. */
export const costVariants: readonly CostVariant[] = [
  { name: "this stack", signals: ["metrics", "logs", "traces"], configure: collectorConfig },
  { name: "… each export as a request of its own", signals: ["metrics", "logs"], configure: withoutMerging },
  {
    name: "… with connections to Prometheus that are kept",
    signals: ["metrics"],
    configure: keepingConnections,
  },
  { name: "… without privacy and labels", signals: ["metrics"], configure: withoutPrivacy },
  { name: "… without ledger and counts", signals: ["logs"], configure: withoutLedgers },
  { name: "plain OTLP path, with a queue on disk", signals: ["metrics", "logs", "traces"], configure: plain },
];

/** The collector of another checkout of this repository, which has its `node_modules`. */
export async function collectorOf(checkout: string): Promise<CostVariant> {
  const folder = path.resolve(checkout, "components/collector");
  const other = (await import(path.join(folder, "config.ts"))) as { readonly collectorConfig: typeof collectorConfig };
  // Older collectors send by OTLP.
  const configure = (args: CollectorConfigArgs) =>
    other.collectorConfig(Object.assign({ prometheusOtlpUrl: otlpUrl(args) }, args));
  const name = `the collector of ${path.basename(checkout)}`;
  const variant = { name, signals: ["metrics", "logs", "traces"] as const, configure };
  // Before it had settings for garbage, it had Go's.
  return fs.existsSync(path.join(folder, "memory.ts")) ? variant : { ...variant, garbagePercent: "100" };
}

function changed(args: CollectorConfigArgs, change: (parts: Parts) => void): Config {
  const config = structuredClone(collectorConfig(args));
  change(config as unknown as Parts);
  return config;
}

/** Prometheus' receiver of OTLP, which takes a request whole or not at all. */
function otlpUrl({ prometheusWriteUrl }: CollectorConfigArgs): string {
  return prometheusWriteUrl.replace(/write$/, "otlp");
}

function withoutMerging(args: CollectorConfigArgs): Config {
  return changed(args, ({ exporters }) => {
    for (const name of ["otlp_http/prometheus", "otlp_http/event-metrics"]) {
      const { sending_queue: queue } = exporters[name] as { sending_queue: Record<string, unknown> };
      delete queue["batch"];
    }
  });
}

function keepingConnections(args: CollectorConfigArgs): Config {
  return changed(args, ({ exporters }) => {
    delete exporters[outgoingExporter]?.["disable_keep_alives"];
  });
}

function withoutPrivacy(args: CollectorConfigArgs): Config {
  return changed(args, ({ service: { pipelines } }) => {
    Object.assign(pipelines["metrics"] ?? {}, { processors: ["memory_limiter"] });
    delete pipelines["metrics/other-agents"];
  });
}

function withoutLedgers(args: CollectorConfigArgs): Config {
  return changed(args, ({ service: { pipelines } }) => {
    Object.assign(pipelines["logs"] ?? {}, { exporters: ["otlp_http/loki"] });
  });
}

/** The clients' receiver, and a queue on disk before each store. */
function plain(args: CollectorConfigArgs): Config {
  const { extensions, receivers, service } = collectorConfig(args) as Config & Parts;
  const exporter = (endpoint = "") => ({
    endpoint,
    compression: "none",
    sending_queue: { enabled: true, storage: queueStorage, sizer: "bytes", queue_size: args.queueBytes },
  });
  const pipeline = (name: string) => ({ receivers: ["otlp"], exporters: [`otlp_http/${name}`] });
  return {
    extensions,
    receivers: { otlp: receivers["otlp"] },
    exporters: {
      "otlp_http/prometheus": exporter(otlpUrl(args)),
      "otlp_http/loki": exporter(args.lokiOtlpUrl),
      "otlp_http/tempo": exporter(args.tempoOtlpUrl),
    },
    service: {
      ...service,
      pipelines: { metrics: pipeline("prometheus"), logs: pipeline("loki"), traces: pipeline("tempo") },
    },
  };
}
