import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { collectorNameVariable } from "../../../components/collector/event-metrics";
import { pseudonymKeyVariable } from "../../../components/collector/identity";
import { garbagePercent } from "../../../components/collector/memory";
import { featureGates } from "../../../components/collector/outgoing";
import type { CollectorPorts } from "../../../components/collector/receivers";
import { freePorts, loopback } from "../loopback-ports";
import { scrape, sumSamples } from "../prometheus/metrics-text";
import { type ManagedProcess, type ProcessSpec, sleep, startProcess, waitUntil, waitUntilServing } from "../processes";

/** Longer than tests let counts be added up. */
const spanCountsMs = 1500;

/** What collectors of tests make pseudonyms with. */
export const testPseudonymKey = "key-of-the-tests";

/** Free loopback ports for one collector. */
export async function freeCollectorPorts(): Promise<CollectorPorts> {
  const [
    otlpGrpc = 0,
    otlpHttp = 0,
    collectorMetrics = 0,
    collectorHealth = 0,
    collectorAccepted = 0,
    collectorAcceptedSpans = 0,
    collectorMerged = 0,
    collectorRemote = 0,
    collectorOutgoing = 0,
  ] = await freePorts(9);
  const clients = { otlpGrpc, otlpHttp, collectorMetrics, collectorHealth };
  const stages = { collectorAccepted, collectorAcceptedSpans, collectorMerged, collectorRemote, collectorOutgoing };
  return { ...clients, ...stages };
}

/** How a collector's process is started. */
export interface CollectorStartOptions {
  /** More of its environment. Default: nothing. */
  readonly env?: Readonly<Record<string, string>>;
  /** What starts it. Default: nothing else. */
  readonly launcher?: ProcessSpec["launcher"];
}

/** A real collector as a plain process. It can be ended and started again; configuration and ports stay. */
export class CollectorProcess {
  private process: ManagedProcess | undefined;
  readonly configFile: string;
  private readonly exporters: ReadonlySet<string>;

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
    private readonly options: CollectorStartOptions = {},
  ) {
    this.configFile = path.join(directory, `${name}.yaml`);
    fs.writeFileSync(this.configFile, stringify(config));
    this.exporters = new Set(Object.keys(config["exporters"] ?? {}));
  }

  /** Base URL for OTLP over HTTP. */
  get otlpHttpUrl(): string {
    return `http://${loopback}:${this.ports.otlpHttp}`;
  }

  get logFile(): string {
    return path.join(this.directory, `${this.name}.log`);
  }

  /** Process id; 0 before it was started. */
  get pid(): number {
    return this.process?.pid ?? 0;
  }

  /** Starts it and waits until its health check is green. */
  async start(): Promise<void> {
    this.process = await startProcess({
      name: this.name,
      command: this.binary,
      args: [`--config=${this.configFile}`, featureGates],
      env: {
        GOGC: garbagePercent,
        [collectorNameVariable]: this.name,
        [pseudonymKeyVariable]: testPseudonymKey,
        ...this.options.env,
      },
      logFile: this.logFile,
      ...(this.options.launcher === undefined ? {} : { launcher: this.options.launcher }),
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

  /** Waits until everything that it accepted has been sent, by all its stages. */
  async drained(timeoutMs = 60_000): Promise<void> {
    await this.quiet("has sent all it accepted", timeoutMs);
    // Waits of tools are picked from the spans, so their counts have nothing to be compared with.
    if (((await this.selfMetric("otelcol_receiver_accepted_spans")) ?? 0) > 0) {
      await sleep(spanCountsMs);
      await this.quiet("has sent its counts", timeoutMs);
    }
  }

  /** What was in the queues of a process before this one is in no count of this one, so once is not enough. */
  private async quiet(what: string, timeoutMs: number): Promise<void> {
    let times = 0;
    const isQuiet = async () => {
      times = (await this.hasSentAll()) ? times + 1 : 0;
      return times >= 3;
    };
    await waitUntil(`${this.name} ${what}`, isQuiet, timeoutMs);
  }

  /**
   * A queue looks empty while a batch is being filled, and while its last request is under way (the exporter sets the
   * size to zero when it has read the last one), so what went into an exporter is set against what it has sent.
   */
  private async hasSentAll(): Promise<boolean> {
    const text = await scrape(`http://${loopback}:${this.ports.collectorMetrics}/metrics`);
    const sent = (what: string, exporter: string) =>
      sumSamples(text, `otelcol_exporter_sent_${what}`, { exporter: `otlp_http/${exporter}` }) ?? 0;
    const passedOn = (what: string, exporter: string, accepted: string) =>
      !this.has(exporter) || sent(what, exporter) === sent(what, accepted);
    const items = (end: "incoming" | "outgoing", processor: string) =>
      sumSamples(text, `otelcol_processor_${end}_items`, { processor }) ?? 0;
    const eventsStored = (filter: string, exporter: string) =>
      !this.has(exporter) ||
      (items("incoming", filter) === sent("log_records", "accepted") &&
        items("outgoing", filter) === sent("log_records", exporter));
    const pointsSent = (processors: readonly string[], exporter: string) => {
      const made = processors.map((processor) => items("outgoing", processor));
      // Sent, refused for good, or refused by a full queue.
      const ends = ["sent", "send_failed", "enqueue_failed"].map(
        (end) => sumSamples(text, `otelcol_exporter_${end}_metric_points`, { exporter: `otlp_http/${exporter}` }) ?? 0,
      );
      return add(ends) >= add(made);
    };
    return (
      passedOn("log_records", "merged", "accepted") &&
      eventsStored("filter/other-agents", "loki") &&
      passedOn("spans", "tempo", "accepted-spans") &&
      items("outgoing", "transform/spans") === sent("spans", "accepted-spans") &&
      pointsSent(["transform/points"], "prometheus") &&
      pointsSent(["transform/other-agents"], "merged") &&
      pointsSent(["transform/ledger", "transform/counts"], "event-metrics") &&
      sumSamples(text, "otelcol_exporter_queue_size") === 0
    );
  }

  private has(exporter: string): boolean {
    return this.exporters.has(`otlp_http/${exporter}`);
  }
}

function add(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
