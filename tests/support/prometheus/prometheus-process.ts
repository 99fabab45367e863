import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { prometheusConfig, prometheusFlags } from "../../../components/prometheus/config";
import type { RemoteStore } from "../../../components/prometheus/remote-store";
import { freePorts, loopback } from "../loopback-ports";
import { type ManagedProcess, type ProcessSpec, startProcess, waitUntilServing } from "../processes";
import { PrometheusReader } from "./prometheus-reader";

/** What a test's Prometheus differs in. */
export interface PrometheusOptions {
  /** In Prometheus' notation, e.g. `24h`. */
  readonly outOfOrderTimeWindow: string;
  /** Content of rule files, given their path, by file name, which ends in `.rules.yaml`. Default none. */
  readonly ruleFiles?: Readonly<Record<string, (file: string) => unknown>>;
  /** More scrape jobs, for comparisons with other set-ups. Default none. */
  readonly extraScrapeConfigs?: readonly Record<string, unknown>[];
  /** A distributed store that gets a copy. Default none. */
  readonly remoteStore?: RemoteStore;
  /** Folder with its blocks. Default: one of its own. */
  readonly dataDirectory?: string;
  /** In Prometheus' notation. Default `200h`. */
  readonly retention?: string;
  /** In Prometheus' notation. Default `1GB`. */
  readonly retentionSize?: string;
  /** More of its command line. Default none. */
  readonly extraFlags?: readonly string[];
  /** What starts it. Default: nothing else. */
  readonly launcher?: ProcessSpec["launcher"];
}

/** The real Prometheus as a plain process, with the stack's own configuration and flags, on loopback. */
export class PrometheusProcess {
  private process: ManagedProcess | undefined;
  readonly reader: PrometheusReader;

  private constructor(
    private readonly binary: string,
    private readonly args: readonly string[],
    readonly configFile: string,
    readonly logFile: string,
    readonly port: number,
    readonly dataDirectory: string,
    private readonly launcher: ProcessSpec["launcher"],
  ) {
    this.reader = new PrometheusReader(`http://${loopback}:${port}`);
  }

  /** Writes configuration and rules into `directory`; does not start it yet. */
  static async prepare(binary: string, directory: string, options: PrometheusOptions): Promise<PrometheusProcess> {
    const [port = 0] = await freePorts(1);
    const rulesDirectory = path.join(directory, "rules");
    fs.mkdirSync(rulesDirectory, { recursive: true });
    for (const [name, content] of Object.entries(options.ruleFiles ?? {})) {
      const file = path.join(rulesDirectory, name);
      fs.writeFileSync(file, stringify(content(file), { aliasDuplicateObjects: false }));
    }
    const configFile = path.join(directory, "prometheus.yaml");
    const config = prometheusConfig({
      outOfOrderTimeWindow: options.outOfOrderTimeWindow,
      scrapeTargets: [],
      ruleFiles: path.join(rulesDirectory, "*.rules.yaml"),
      port,
      ...(options.remoteStore === undefined
        ? {}
        : { remote: { store: options.remoteStore, secretDirectory: directory } }),
    });
    fs.writeFileSync(configFile, stringify(withScrapeConfigs(config, options.extraScrapeConfigs ?? [])));
    const dataDirectory = options.dataDirectory ?? path.join(directory, "data");
    const flags = prometheusFlags({
      configFile,
      dataDirectory,
      retention: options.retention ?? "200h",
      retentionSize: options.retentionSize ?? "1GB",
      listenAddress: `${loopback}:${port}`,
    });
    const args = [...flags, ...(options.extraFlags ?? [])];
    const logFile = path.join(directory, "prometheus.log");
    return new PrometheusProcess(binary, args, configFile, logFile, port, dataDirectory, options.launcher);
  }

  /** Of its remote-write receiver. */
  get writeUrl(): string {
    return `${this.reader.url}/api/v1/write`;
  }

  /** Base URL of its OTLP receiver. */
  get otlpUrl(): string {
    return `${this.reader.url}/api/v1/otlp`;
  }

  /** Its process id; 0 before it is started. */
  get pid(): number {
    return this.process?.pid ?? 0;
  }

  /** Starts it, on the data it had, and waits until it is ready. */
  async start(): Promise<void> {
    this.process = await startProcess({
      name: "prometheus",
      command: this.binary,
      args: this.args,
      logFile: this.logFile,
      ...(this.launcher === undefined ? {} : { launcher: this.launcher }),
    });
    await waitUntilServing(this.process, `${this.reader.url}/-/ready`);
  }

  /** Ends it as Kubernetes does: SIGTERM, and time to finish. */
  async stop(): Promise<void> {
    await this.process?.stop(30_000);
  }

  /** Lets it answer nobody, though its port is open, until it is to resume. */
  suspend(): void {
    this.process?.signal("SIGSTOP");
  }

  resume(): void {
    this.process?.signal("SIGCONT");
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    this.process?.signal("SIGKILL");
    await this.process?.ended;
  }
}

function withScrapeConfigs(
  config: Record<string, unknown>,
  extra: readonly Record<string, unknown>[],
): Record<string, unknown> {
  const own = Array.isArray(config["scrape_configs"]) ? (config["scrape_configs"] as unknown[]) : [];
  return { ...config, scrape_configs: [...own, ...extra] };
}
