import { progress } from "../../cli/progress";
import { sleep, waitUntil } from "../support/processes";
import { ScrapeExporterStack } from "../support/collectors/scrape-exporter-stack";
import { eventsPerCycle, pointsPerExport, spansPerCycle } from "./client-exports";
import type { CostVariant } from "./cost-variants";
import type { Signal } from "./load-sender";
import { watchProcess } from "./process-usage";
import { sendLoad, type Load, warmUpSeconds } from "./send-load";
import { startStoredStack } from "./stored-stack";
import { median } from "./table";

/** A queue looks empty while it fills a batch. */
const longestBatchMs = 6_000;

/** How it is measured: each signal by the same load. */
export interface CostOptions extends Required<Omit<Load, "signal">> {
  /** Each variant is measured so many times, in turns. */
  readonly rounds: number;
}

/** Exports a second. */
export const defaultRate = 100;

export const defaultCostOptions: CostOptions = { rounds: 5, perSecond: defaultRate, seconds: 10, cycles: 1 };

/** Milliseconds of a core for each export. */
interface Cost {
  readonly collector: number;
  readonly prometheus: number;
}

/** All measurements of one signal by one collector. */
export interface CostResult {
  readonly name: string;
  readonly signal: Signal;
  readonly costs: readonly Cost[];
}

interface Target {
  readonly port: number;
  readonly collectorPid: number;
  readonly prometheusPid: number;
  /** Waits until everything is stored. Undefined where nothing waits. */
  settled?(): Promise<void>;
  stop(): Promise<void>;
}

interface Candidate {
  readonly name: string;
  readonly signals: readonly Signal[];
  readonly start: () => Promise<Target>;
}

/** Measures collectors and their Prometheus under one steady load each, and last a collector that is scraped. */
export async function measureCost(variants: readonly CostVariant[], options: CostOptions): Promise<CostResult[]> {
  const candidates: readonly Candidate[] = [
    ...variants.map((variant) => ({ ...variant, start: async () => startStack(variant) })),
    { name: "scrape exporter, without a queue", signals: ["metrics"], start: startScrape },
  ];
  const results = candidates.flatMap(({ signals, ...candidate }) =>
    signals.map((signal) => ({ ...candidate, signal, costs: [] as Cost[] })),
  );
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const { name, signal, start, costs } of results) {
      progress(`round ${round} of ${options.rounds}: ${name}, ${signal}`);
      costs.push(await measureOnce(start, { ...options, signal }));
    }
  }
  return results;
}

async function measureOnce(start: Candidate["start"], load: Load): Promise<Cost> {
  const target = await start();
  try {
    await sendLoad({ ...load, seconds: warmUpSeconds }, target.port);
    const usages = [target.collectorPid, target.prometheusPid].map((pid) => watchProcess(pid, 500));
    const sent = await sendLoad(load, target.port);
    if (load.perSecond === undefined) {
      await target.settled?.();
    }
    const [collector = 0, prometheus = 0] = usages.map((usage) => (usage().cpuSeconds * 1000) / sent);
    return { collector, prometheus };
  } finally {
    await target.stop();
  }
}

async function startStack({ configure, garbagePercent }: CostVariant): Promise<Target> {
  const { stack, stop } = await startStoredStack({
    // Some are stored within each measurement.
    countInterval: "5s",
    // The slowest has much left when the last export was answered.
    queueBytes: 2 * 2 ** 30,
    configure,
    ...(garbagePercent === undefined ? {} : { collectorEnv: { GOGC: garbagePercent } }),
  });
  return {
    port: stack.collector.ports.otlpHttp,
    collectorPid: stack.collector.pid,
    prometheusPid: stack.prometheus.pid,
    settled: async () => {
      // Variants have different stages, so no stage is set against another.
      const isEmpty = async () => (await stack.collector.selfMetric("otelcol_exporter_queue_size")) === 0;
      await waitUntil("the queues are empty", isEmpty, 60_000);
      await sleep(longestBatchMs);
    },
    stop,
  };
}

async function startScrape(): Promise<Target> {
  const stack = await ScrapeExporterStack.start();
  return {
    port: stack.collector.ports.otlpHttp,
    collectorPid: stack.collector.pid,
    prometheusPid: stack.prometheus.pid,
    stop: async () => stack.stop(),
  };
}

/** The results as a Markdown table, for docs/capacity.md. */
export function costTable(results: readonly CostResult[], { cycles }: CostOptions): string {
  const items = { metrics: pointsPerExport, logs: eventsPerCycle * cycles, traces: spansPerCycle * cycles };
  const names = { metrics: "metrics", logs: "events", traces: "spans" };
  const rows = results.map(({ name, signal, costs }) => {
    const collector = costs.map((cost) => cost.collector);
    const spread = `${Math.min(...collector).toFixed(2)} to ${Math.max(...collector).toFixed(2)}`;
    return [
      ...[name, `${names[signal]}, ${items[signal]} in an export`],
      `**${middle(collector).toFixed(2)} ms** (${spread})`,
      `${((middle(collector) * 1000) / items[signal]).toFixed(0)} µs`,
      `${middle(costs.map((cost) => cost.prometheus)).toFixed(2)} ms`,
    ];
  });
  const headings = ["", "Signal", "Collector, an export", "of each in it", "Prometheus, an export"];
  return [headings, ["---", "---", "---:", "---:", "---:"], ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function middle(values: readonly number[]): number {
  return median(values, (value) => value) ?? 0;
}
