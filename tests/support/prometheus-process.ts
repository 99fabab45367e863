import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { prometheusConfig, prometheusFlags } from "../../components/prometheus-config";
import { freePorts, loopback } from "./loopback-ports";
import { type ManagedProcess, startProcess, waitUntilServing } from "./processes";
import { PrometheusReader } from "./prometheus-reader";

/** What a test's Prometheus differs in. */
export interface PrometheusOptions {
  /** In Prometheus' notation, e.g. `24h`. */
  readonly outOfOrderTimeWindow: string;
  /** Content of rule files by file name, which ends in `.rules.yaml`. Default none. */
  readonly ruleFiles?: Readonly<Record<string, unknown>>;
  /** More scrape jobs, for comparisons with other set-ups. Default none. */
  readonly extraScrapeConfigs?: readonly Record<string, unknown>[];
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
  ) {
    this.reader = new PrometheusReader(`http://${loopback}:${port}`);
  }

  /** Writes configuration and rules into `directory`; does not start it yet. */
  static async prepare(binary: string, directory: string, options: PrometheusOptions): Promise<PrometheusProcess> {
    const [port = 0] = await freePorts(1);
    const rulesDirectory = path.join(directory, "rules");
    fs.mkdirSync(rulesDirectory, { recursive: true });
    for (const [name, content] of Object.entries(options.ruleFiles ?? {})) {
      fs.writeFileSync(path.join(rulesDirectory, name), stringify(content));
    }
    const configFile = path.join(directory, "prometheus.yaml");
    const config = prometheusConfig({
      outOfOrderTimeWindow: options.outOfOrderTimeWindow,
      scrapeTargets: [],
      ruleFiles: path.join(rulesDirectory, "*.rules.yaml"),
      port,
    });
    fs.writeFileSync(configFile, stringify(withScrapeConfigs(config, options.extraScrapeConfigs ?? [])));
    const flags = prometheusFlags({
      configFile,
      dataDirectory: path.join(directory, "data"),
      retention: "200h",
      retentionSize: "1GB",
      listenAddress: `${loopback}:${port}`,
    });
    return new PrometheusProcess(binary, flags, configFile, path.join(directory, "prometheus.log"), port);
  }

  /** Base URL of its OTLP receiver. */
  get otlpUrl(): string {
    return `${this.reader.url}/api/v1/otlp`;
  }

  /** Starts it, on the data it had, and waits until it is ready. */
  async start(): Promise<void> {
    this.process = await startProcess({
      name: "prometheus",
      command: this.binary,
      args: this.args,
      logFile: this.logFile,
    });
    await waitUntilServing(this.process, `${this.reader.url}/-/ready`);
  }

  /** Ends it as Kubernetes does: SIGTERM, and time to finish. */
  async stop(): Promise<void> {
    await this.process?.stop(30_000);
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
