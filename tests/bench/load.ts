import { metrics } from "../../telemetry/client-metrics";
import { progress } from "../../cli/progress";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { removeTemporaryDirectory, sleep, temporaryDirectory } from "../support/processes";
import type { PrometheusReader } from "../support/prometheus/prometheus-reader";
import { ScrapeExporterStack } from "../support/collectors/scrape-exporter-stack";
import { clientExports, pointsPerExport } from "./client-exports";
import { type Access, type AccessFiles, collectorAccess, makeAccessFiles } from "./load-access";
import { LoadSender } from "./load-sender";
import { memoryOf, watchProcess } from "./process-usage";

/** One way to take the same exports. */
export interface LoadVariant extends Access {
  readonly name: string;
  /** `stack`: this one. `scrape`: a collector that adds up and is scraped, without access control. */
  readonly kind: "stack" | "scrape";
  readonly collectors: number;
}

const open = { authentication: false, tls: false };

/** All that are measured, by name. */
export const loadVariants: readonly LoadVariant[] = [
  { name: "one collector", kind: "stack", collectors: 1, ...open },
  { name: "one, authentication", kind: "stack", collectors: 1, authentication: true, tls: false },
  { name: "one, TLS", kind: "stack", collectors: 1, authentication: false, tls: true },
  { name: "one, authentication and TLS", kind: "stack", collectors: 1, authentication: true, tls: true },
  { name: "two collectors", kind: "stack", collectors: 2, ...open },
  { name: "two, authentication and TLS", kind: "stack", collectors: 2, authentication: true, tls: true },
  { name: "scrape exporter", kind: "scrape", collectors: 1, ...open },
];

/** How much, and what of. */
export interface LoadOptions {
  readonly seconds: number;
  /** How many sessions take turns. */
  readonly sessions: number;
  /** At which numbers of sessions the collector's memory is read. */
  readonly memoryAt: readonly number[];
}

export const defaultLoadOptions: LoadOptions = { seconds: 20, sessions: 1000, memoryAt: [1000, 5000, 20_000] };

/** What a variant did. */
export interface LoadResult {
  readonly variant: LoadVariant;
  readonly exports: number;
  readonly seconds: number;
  readonly refused: number;
  /** Of all its collectors. */
  readonly cpuSeconds: number;
  /** USD, by the samples stored, against USD sent. */
  readonly storedUsd: number;
  readonly sentUsd: number;
  /** Bytes of the collectors' own memory after exports of so many different sessions. */
  readonly memory: readonly number[];
}

const connections = 32;
/** An increase is seen between scrapes, which are 15 s apart, so the run must span some. */
const shortestScrapedSeconds = 60;

/** A running stack of either kind. */
interface Target {
  readonly port: number;
  readonly pids: readonly number[];
  readonly access: AccessFiles;
  settled(): Promise<void>;
  storedUsd(): Promise<number>;
  stop(): Promise<void>;
}

/** Sends exports of metrics as fast as a variant takes them, then of ever more sessions. */
export async function measureLoad(variant: LoadVariant, options: LoadOptions): Promise<LoadResult> {
  progress(variant.name);
  const target = variant.kind === "stack" ? await startStack(variant) : await startScrape();
  try {
    const watches = target.pids.map((pid) => watchProcess(pid, 200));
    const shortest = variant.kind === "scrape" ? shortestScrapedSeconds : 0;
    const sent = await sendFor(target, { ...options, seconds: Math.max(options.seconds, shortest) });
    await target.settled();
    const cpuSeconds = watches.reduce((sum, usage) => sum + usage().cpuSeconds, 0);
    const sentUsd = sent.exports * usdOf(clientExports().metrics(0, 0, 0));
    const storedUsd = await target.storedUsd();
    const memory: number[] = [];
    let first = options.sessions;
    for (const sessions of options.memoryAt) {
      await sendSessions(target, first, Math.max(0, sessions - first));
      first = Math.max(first, sessions);
      await target.settled();
      memory.push(target.pids.reduce((sum, pid) => sum + memoryOf(pid).own, 0));
    }
    return { variant, ...sent, cpuSeconds, storedUsd, sentUsd, memory };
  } finally {
    await target.stop();
  }
}

async function startStack({ collectors, ...access }: LoadVariant): Promise<Target> {
  const directory = temporaryDirectory("claude-monitoring-bench-access");
  const files = makeAccessFiles(directory, access);
  const stack = await PipelineStack.start({
    collectors,
    queueBytes: 512 * 2 ** 20,
    access: collectorAccess(files),
  });
  return {
    port: Number(new URL(stack.otlpHttpUrl).port),
    pids: stack.collectors.map(({ pid }) => pid),
    access: files,
    settled: async () => stack.drained(300_000),
    storedUsd: async () => stack.reader.totalOf(metrics.cost.prometheus, { window: "1h" }),
    stop: async () => {
      await stack.stop();
      removeTemporaryDirectory(directory);
    },
  };
}

async function startScrape(): Promise<Target> {
  const stack = await ScrapeExporterStack.start();
  return {
    port: stack.collector.ports.otlpHttp,
    pids: [stack.collector.pid],
    access: {},
    // Scraped every 15 s.
    settled: async () => sleep(32_000),
    storedUsd: async () => scrapedUsd(stack.prometheus.reader),
    stop: async () => stack.stop(),
  };
}

async function scrapedUsd(reader: PrometheusReader): Promise<number> {
  const [name] = [...(await reader.metadata()).keys()].filter((known) => known.startsWith("claude_code_cost_usage"));
  return name === undefined ? 0 : reader.totalOf(name, { window: "1h", windowFunction: "increase" });
}

/** Each of the connections waits for its answer and sends the next export. */
async function sendFor({ port, access }: Target, { seconds, sessions }: LoadOptions) {
  const sender = new LoadSender(port, connections, access);
  const made = clientExports();
  const started = performance.now();
  const end = started + seconds * 1000;
  let next = 0;
  let refused = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        const index = next++;
        const body = made.metrics(index % sessions, Math.floor(index / sessions), Date.now());
        refused += (await sender.post("metrics", body)) === 200 ? 0 : 1;
      }
    }),
  );
  const took = (performance.now() - started) / 1000;
  sender.close();
  return { exports: next, refused, seconds: took };
}

/** One export of each of so many sessions that were not there before. */
async function sendSessions({ port, access }: Target, first: number, count: number): Promise<void> {
  const sender = new LoadSender(port, connections, access);
  const made = clientExports();
  let next = first;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < first + count) {
        await sender.post("metrics", made.metrics(next++, 0, Date.now()));
      }
    }),
  );
  sender.close();
}

/** What an export says that its session has cost. */
function usdOf(body: string): number {
  const [, points = ""] = /"name":"claude_code.cost.usage"(.*?)\]\}\}/.exec(body) ?? [];
  return [...points.matchAll(/"asDouble":([0-9.e-]+)/g)].reduce((sum, [, usd]) => sum + Number(usd), 0);
}

/** The results as a Markdown table, for docs/capacity.md. */
export function loadTable(results: readonly LoadResult[], { memoryAt }: LoadOptions): string {
  const headings = [
    ...[
      "Variant",
      "Exports a second",
      "CPU, a million points",
      "Exports a second and core",
      "Refused",
      "Stored of sent",
    ],
    ...memoryAt.map((sessions) => `Memory, ${sessions.toLocaleString("en")} sessions`),
  ];
  const rows = results.map((result) => {
    const points = result.exports * pointsPerExport;
    return [
      result.variant.name,
      (result.exports / result.seconds).toFixed(0),
      `${((result.cpuSeconds / points) * 1e6).toFixed(0)} s`,
      (result.exports / result.cpuSeconds).toFixed(0),
      String(result.refused),
      `${((result.storedUsd / result.sentUsd) * 100).toFixed(2)} %`,
      ...result.memory.map((bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`),
    ];
  });
  const lines = [headings, headings.map((_, index) => (index === 0 ? "---" : "---:")), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
