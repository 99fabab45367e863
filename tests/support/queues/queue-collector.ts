import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";

import { queueStorage, queueStorageConfig } from "../../../components/collector/queue-storage";
import { damagedQueuesLabel } from "../../../telemetry/queue-report";
import { freePorts, loopback } from "../loopback-ports";
import { type ManagedProcess, startProcess, waitUntil } from "../processes";
import { signals } from "./marked-exports";

/** The queue's file, as the collector names it. */
export function queueFile(queue: string, signal: string): string {
  return `exporter_otlp_http_${queue}_${signal}`;
}

/** What a collector's queues are. */
export interface QueueOptions {
  /** Names of exporters. Each has a queue for each signal. */
  readonly queues: readonly string[];
  /** Exports are sent to this port, below the queue's name. */
  readonly sinkPort: number;
  readonly fsync?: boolean;
  /** Report of the check, for the collector's own metrics. Default: none of these. */
  readonly report?: string;
}

/** A collector that has queues and nothing else: their storage is that of the stack's. */
export class QueueCollector {
  private process: ManagedProcess | undefined;

  private constructor(
    private readonly binary: string,
    private readonly folder: string,
    private readonly ports: { readonly otlp: number; readonly health: number; readonly metrics: number },
  ) {}

  static async create(binary: string, folder: string, options: QueueOptions): Promise<QueueCollector> {
    const [otlp = 0, health = 0, metrics = 0] = await freePorts(3);
    const collector = new QueueCollector(binary, folder, { otlp, health, metrics });
    fs.mkdirSync(collector.queueFolder, { recursive: true });
    fs.writeFileSync(collector.configFile, stringify(collector.config(options)));
    return collector;
  }

  get queueFolder(): string {
    return path.join(this.folder, "queue");
  }

  private get logFile(): string {
    return path.join(this.folder, "collector.log");
  }

  /** @returns whether it runs; it ended by itself otherwise */
  async start(): Promise<boolean> {
    const process = await startProcess({
      name: "collector",
      command: this.binary,
      args: [`--config=${this.configFile}`],
      env: {},
      logFile: this.logFile,
    });
    this.process = process;
    await waitUntil("the collector is ready, or has ended", async () => {
      return !process.running() || (await fetch(`http://${loopback}:${this.ports.health}/`)).ok;
    });
    return process.running();
  }

  async send({ signal, body }: { readonly signal: string; readonly body: string }): Promise<number> {
    const url = `http://${loopback}:${this.ports.otlp}/v1/${signal}`;
    const response = await fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } });
    await response.arrayBuffer();
    return response.status;
  }

  /** Its own metrics, as text. */
  async selfMetrics(): Promise<string> {
    return (await fetch(`http://${loopback}:${this.ports.metrics}/metrics`)).text();
  }

  get pid(): number {
    return this.process?.pid ?? 0;
  }

  async stop(): Promise<void> {
    await this.process?.stop();
  }

  async kill(): Promise<void> {
    this.process?.signal("SIGKILL");
    await this.process?.ended;
  }

  private get configFile(): string {
    return path.join(this.folder, "collector.yaml");
  }

  private config({ queues, sinkPort, fsync = false, report }: QueueOptions): object {
    const exporter = (queue: string) => ({
      endpoint: `http://${loopback}:${sinkPort}/${queue}`,
      compression: "none",
      sending_queue: { enabled: true, storage: queueStorage, sizer: "bytes", queue_size: 2 ** 30 },
      retry_on_failure: { enabled: true, initial_interval: "100ms", max_interval: "200ms", max_elapsed_time: 0 },
    });
    const pipeline = { receivers: ["otlp"], exporters: queues.map((queue) => `otlp_http/${queue}`) };
    return {
      extensions: {
        health_check: { endpoint: `${loopback}:${this.ports.health}` },
        [queueStorage]: queueStorageConfig({ queueDirectory: this.queueFolder, fsync }),
      },
      receivers: { otlp: { protocols: { http: { endpoint: `${loopback}:${this.ports.otlp}` } } } },
      exporters: Object.fromEntries(queues.map((queue) => [`otlp_http/${queue}`, exporter(queue)])),
      service: {
        extensions: ["health_check", queueStorage],
        pipelines: Object.fromEntries(signals.map((signal) => [signal, pipeline])),
        telemetry:
          report === undefined
            ? { metrics: { level: "none" } }
            : {
                resource: { [damagedQueuesLabel]: `\${file:${report}}` },
                metrics: {
                  readers: [{ pull: { exporter: { prometheus: { host: loopback, port: this.ports.metrics } } } }],
                },
              },
      },
    };
  }
}
