import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { freePorts, loopback } from "../loopback-ports";
import { type Event, eventsOf, type Span, spansOf } from "../otlp/otlp-json";
import { pipelineBinaries } from "./pipeline-binaries";
import {
  type ManagedProcess,
  removeTemporaryDirectory,
  startProcess,
  temporaryDirectory,
  waitUntilServing,
} from "../processes";

/**
 * STAND-IN for Loki and Tempo, whose binaries no package registry serves: a second collector that takes OTLP under
 * their addresses and writes what it got to files. It says so when it starts.
 */
export class EventStore {
  private process: ManagedProcess | undefined;

  private constructor(
    private readonly binary: string,
    /** Folder of its files. */
    readonly directory: string,
    private readonly port: number,
    private readonly healthPort: number,
  ) {}

  static async start(): Promise<EventStore> {
    const { collector } = await pipelineBinaries();
    const directory = temporaryDirectory("claude-monitoring-event-store");
    const [port = 0, healthPort = 0] = await freePorts(2);
    const store = new EventStore(collector, directory, port, healthPort);
    fs.writeFileSync(store.configFile, stringify(store.config()));
    console.log("event-store: STAND-IN for Loki and Tempo: a collector that writes what it is sent to files");
    await store.resume();
    return store;
  }

  get lokiOtlpUrl(): string {
    return `http://${loopback}:${this.port}/otlp`;
  }

  get tempoOtlpUrl(): string {
    return `http://${loopback}:${this.port}`;
  }

  /** Everything that was handed over, also twice, in the order of arrival. */
  received(): Event[] {
    return lines(this.file("logs")).flatMap(eventsOf);
  }

  /** As Loki lists them: of entries with one stream, time and line, one. Its counts may have both for a while. */
  events(): Event[] {
    const distinct = new Map(
      this.received()
        .map((event) => [`${event.timeUnixNano} ${event.line}`, event] as const)
        .reverse(),
    );
    return [...distinct.values()].reverse();
  }

  /** As Tempo gives them: each span once. */
  spans(): Span[] {
    const all = lines(this.file("traces")).flatMap(spansOf);
    return [...new Map(all.map((span) => [span.spanId, span] as const)).values()];
  }

  /** All that is stored, as text. */
  text(): string {
    return (["logs", "traces"] as const).map((signal) => lines(this.file(signal)).join("\n")).join("\n");
  }

  /** Stops taking anything. */
  async pause(): Promise<void> {
    await this.process?.stop();
  }

  /** Takes again. */
  async resume(): Promise<void> {
    this.process = await startProcess({
      name: "event-store",
      command: this.binary,
      args: [`--config=${this.configFile}`],
      logFile: path.join(this.directory, "event-store.log"),
    });
    await waitUntilServing(this.process, `http://${loopback}:${this.healthPort}/`);
  }

  /** Ends it, and removes its files. */
  async remove(): Promise<void> {
    await this.pause();
    removeTemporaryDirectory(this.directory);
  }

  private get configFile(): string {
    return path.join(this.directory, "event-store.yaml");
  }

  private file(signal: "logs" | "traces"): string {
    return path.join(this.directory, `event-store.${signal}.jsonl`);
  }

  private config(): object {
    const pipeline = (signal: "logs" | "traces") => ({ receivers: ["otlp"], exporters: [`file/${signal}`] });
    const file = (signal: "logs" | "traces") => ({ path: this.file(signal), append: true, flush_interval: "100ms" });
    return {
      extensions: { health_check: { endpoint: `${loopback}:${this.healthPort}` } },
      receivers: {
        otlp: {
          protocols: { http: { endpoint: `${loopback}:${this.port}`, logs_url_path: "/otlp/v1/logs" } },
        },
      },
      exporters: { "file/logs": file("logs"), "file/traces": file("traces") },
      service: {
        extensions: ["health_check"],
        pipelines: { logs: pipeline("logs"), traces: pipeline("traces") },
        telemetry: { metrics: { level: "none" } },
      },
    };
  }
}

function lines(file: string): string[] {
  if (!fs.existsSync(file)) {
    return [];
  }
  const text = fs.readFileSync(file, "utf8");
  // The last line may still be being written.
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "");
}
