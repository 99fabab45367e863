import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { freePorts, loopback } from "./loopback-ports";
import { scrape, sumSamples } from "./metrics-text";
import { type ManagedProcess, startProcess, waitUntil, waitUntilServing } from "./processes";

/** The ports that a collector listens on. */
export interface CollectorPorts {
  readonly otlpGrpc: number;
  readonly otlpHttp: number;
  readonly collectorMetrics: number;
  readonly collectorHealth: number;
}

/** Free loopback ports for one collector. */
export async function freeCollectorPorts(): Promise<CollectorPorts> {
  const [otlpGrpc = 0, otlpHttp = 0, collectorMetrics = 0, collectorHealth = 0] = await freePorts(4);
  return { otlpGrpc, otlpHttp, collectorMetrics, collectorHealth };
}

/** A real collector as a plain process. It can be ended and started again; configuration and ports stay. */
export class CollectorProcess {
  private process: ManagedProcess | undefined;
  readonly configFile: string;

  /**
   * @param directory folder for the configuration and the log
   * @param config the collector's configuration; written as YAML
   */
  constructor(
    private readonly binary: string,
    readonly name: string,
    private readonly directory: string,
    readonly ports: CollectorPorts,
    config: Record<string, unknown>,
  ) {
    this.configFile = path.join(directory, `${name}.yaml`);
    fs.writeFileSync(this.configFile, stringify(config));
  }

  /** Base URL for OTLP over HTTP. */
  get otlpHttpUrl(): string {
    return `http://${loopback}:${this.ports.otlpHttp}`;
  }

  get logFile(): string {
    return path.join(this.directory, `${this.name}.log`);
  }

  /** Starts it and waits until its health check is green. */
  async start(): Promise<void> {
    this.process = await startProcess({
      name: this.name,
      command: this.binary,
      args: [`--config=${this.configFile}`],
      logFile: this.logFile,
    });
    await waitUntilServing(this.process, `http://${loopback}:${this.ports.collectorHealth}/`);
  }

  /** Ends it as Kubernetes does: SIGTERM, and time to finish. */
  async stop(): Promise<void> {
    await this.process?.stop();
  }

  /** Ends it without any chance to save anything. */
  async kill(): Promise<void> {
    this.process?.signal("SIGKILL");
    await this.process?.ended;
  }

  /** Sum of one of its own metrics, e.g. `otelcol_exporter_queue_size`; `undefined` if it serves no such series. */
  async selfMetric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
    return sumSamples(await scrape(`http://${loopback}:${this.ports.collectorMetrics}/metrics`), name, labels);
  }

  /** Waits until its sending queue, with what is being sent, is empty. */
  async drained(timeoutMs = 60_000): Promise<void> {
    await waitUntil(
      `the sending queue of ${this.name} is empty`,
      async () => (await this.selfMetric("otelcol_exporter_queue_size")) === 0,
      timeoutMs,
    );
  }
}
