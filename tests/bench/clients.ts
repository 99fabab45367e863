import * as fs from "node:fs";
import * as path from "node:path";
import { gzipSync } from "node:zlib";

import { metrics } from "../../telemetry/client-metrics";
import { progress } from "../../cli/progress";
import { histogramMetrics, ledgerMetrics } from "../../telemetry/event-metrics";
import type { EventStore } from "../support/collectors/event-store";
import { OtlpSender } from "../support/otlp/otlp-sender";
import type { PipelineStack } from "../support/collectors/pipeline-stack";
import { sleep } from "../support/processes";
import { stackDefault } from "../support/stack-defaults";
import { durationSeconds } from "../../units";
import {
  clientExports,
  type ClientExports,
  costMicroUsd,
  cycleMs,
  eventsPerCycle,
  pointsPerExport,
  spansPerCycle,
} from "./client-exports";
import { type Usage, watchProcess } from "./process-usage";
import { startStoredStack } from "./stored-stack";

/** How many clients send for how long. */
export interface ClientLoad {
  readonly clients: number;
  readonly minutes: number;
  /** Cycles of five seconds between two exports of events and spans. A divisor of twelve. */
  readonly cyclesPerExport: number;
}

/** Exports come as often as by the settings that a stack hands out. */
export const defaultLoad: ClientLoad = {
  clients: 1000,
  minutes: 3,
  cyclesPerExport: ((durationSeconds(stackDefault("client.logsInterval")) ?? 0) * 1000) / cycleMs,
};

/** What the load took. */
export interface ClientLoadResult extends ClientLoad {
  /** How long it was sent. */
  readonly seconds: number;
  readonly requests: number;
  /** Exports by the status that they were answered with. */
  readonly statuses: ReadonlyMap<number, number>;
  /** What is stored against what was sent; empty if all is equal. */
  readonly differences: readonly string[];
  readonly collector: Usage;
  readonly prometheus: Usage;
  readonly samples: number;
  readonly series: number;
  /** Of Prometheus' block of it all. */
  readonly blockBytes: number;
  /** Of the events and spans as OTLP/JSON, compressed: what a store has to keep at least. */
  readonly eventBytes: number;
  readonly spanBytes: number;
}

/** Metrics are exported once in so many cycles. */
const metricsCycle = 12;

/**
 * Sends exports of busy clients, each with a request and a tool call every five seconds, through a real collector to a
 * real Prometheus and a stand-in for Loki and Tempo.
 */
export async function measureClients(load: ClientLoad): Promise<ClientLoadResult> {
  const { stack, store, stop } = await startStoredStack({ prometheus: { extraFlags: ["--web.enable-admin-api"] } });
  try {
    const [collector, prometheus] = [stack.collector.pid, stack.prometheus.pid].map((pid) => watchProcess(pid, 500));
    const started = performance.now();
    const sent = await send(load, stack.otlpHttpUrl);
    const seconds = (performance.now() - started) / 1000;
    await stack.drained(300_000);
    // The last counts are added up for an interval.
    await sleep(20_000);
    await stack.drained(300_000);
    const requests = sent.cycles * load.clients;
    return {
      ...load,
      seconds,
      requests,
      statuses: sent.statuses,
      differences: await differences(stack, store, requests, load.clients * sent.metricsExports),
      collector: collector?.() ?? noUsage,
      prometheus: prometheus?.() ?? noUsage,
      samples: await stack.reader.totalOf("prometheus_tsdb_head_samples_appended_total", lastSample),
      series: await stack.reader.totalOf("prometheus_tsdb_head_series", lastSample),
      blockBytes: await snapshotBytes(stack),
      eventBytes: compressedBytes(path.join(store.directory, "event-store.logs.jsonl")),
      spanBytes: compressedBytes(path.join(store.directory, "event-store.traces.jsonl")),
    };
  } finally {
    await stop();
  }
}

const noUsage: Usage = { memory: { resident: 0, own: 0 }, cpuSeconds: 0 };
const lastSample = { window: "1m", windowFunction: "last_over_time" } as const;

interface Sent {
  readonly cycles: number;
  readonly metricsExports: number;
  readonly statuses: ReadonlyMap<number, number>;
}

/** Clients are spread evenly over the cycle. */
async function send({ clients, minutes, cyclesPerExport }: ClientLoad, url: string): Promise<Sent> {
  const sender = new OtlpSender(url);
  const made = clientExports();
  const cycles = Math.round((minutes * 60_000) / cycleMs);
  const statuses = new Map<number, number>();
  const underWay: Promise<void>[] = [];
  const started = performance.now();
  for (let cycle = 0; cycle < cycles; cycle += cyclesPerExport) {
    for (let client = 0; client < clients; client++) {
      await sleep(Math.max(0, started + (cycle + (client / clients) * cyclesPerExport) * cycleMs - performance.now()));
      for (const [signal, body] of exportsOf(made, client, cycle, cyclesPerExport)) {
        underWay.push(
          sender.send(signal, body).then((result) => {
            for (const status of result.statuses) {
              statuses.set(status, (statuses.get(status) ?? 0) + 1);
            }
          }),
        );
      }
    }
    progress(`cycle ${cycle + 1} of ${cycles}`);
  }
  await Promise.all(underWay);
  sender.close();
  return { cycles, metricsExports: Math.floor((cycles + metricsCycle - 1) / metricsCycle), statuses };
}

function exportsOf(made: ClientExports, client: number, cycle: number, cycles: number) {
  const now = Date.now();
  const last = cycle + cycles - 1;
  const both = [
    ["logs", made.logs(client, last, now, cycles)],
    ["traces", made.traces(client, last, now, cycles)],
  ] as const;
  return cycle % metricsCycle === 0 ? ([...both, ["metrics", made.metrics(client, cycle, now)]] as const) : both;
}

/** What was stored against what was sent. */
async function differences(
  { reader }: PipelineStack,
  store: EventStore,
  requests: number,
  metricsExports: number,
): Promise<string[]> {
  const window = { window: "1h" };
  const points = await reader.sumOf(metrics.sessions.prometheus, { ...window, windowFunction: "count_over_time" });
  const compared: readonly [string, number, number][] = [
    ["ledger, micro-USD", requests * costMicroUsd, (await reader.totalOf(ledgerMetrics.cost.prometheus, window)) * 1e6],
    ["requests", requests, await reader.totalOf(`${histogramMetrics.requestDuration.prometheus}_count`, window)],
    ["tool calls", requests, await reader.totalOf(`${histogramMetrics.toolDuration.prometheus}_count`, window)],
    ["exports of metrics", metricsExports, points.get("") ?? 0],
    ["events", requests * eventsPerCycle, store.events().length],
    ["spans", requests * spansPerCycle, store.spans().length],
  ];
  return compared.flatMap(([what, expected, found]) =>
    Math.abs(expected - found) < 0.5 ? [] : [`${what}: expected ${expected}, found ${found}`],
  );
}

async function snapshotBytes({ reader, prometheus }: PipelineStack): Promise<number> {
  const answer = await fetch(`${reader.url}/api/v1/admin/tsdb/snapshot`, { method: "POST" });
  if (!answer.ok) {
    throw new Error(`Prometheus answered ${answer.status} to a snapshot: ${await answer.text()}`);
  }
  return sizeOf(path.join(prometheus.dataDirectory, "snapshots"));
}

function sizeOf(directory: string): number {
  return fs
    .readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + fs.statSync(path.join(entry.parentPath, entry.name)).size, 0);
}

function compressedBytes(file: string): number {
  return gzipSync(fs.readFileSync(file)).length;
}

/** The figures as a Markdown table, for docs/capacity.md. */
export function clientLoadTable(result: ClientLoadResult): string {
  const { clients, seconds, requests, collector, prometheus } = result;
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  // All that was done for what was sent, also afterwards.
  const cores = ({ cpuSeconds }: Usage) => `${(cpuSeconds / seconds).toFixed(2)} cores`;
  const perRequest = (amount: number, digits = 0) => (amount / requests).toFixed(digits);
  const exportCount = [...result.statuses.values()].reduce((sum, count) => sum + count, 0);
  const rows: readonly [string, string][] = [
    ["Clients", `${clients}, each a request and a tool call every 5 s, for ${result.minutes} min`],
    ["Exports of events and spans", `every ${(result.cyclesPerExport * cycleMs) / 1000} s`],
    ["Exports", `${exportCount}, ${(exportCount / seconds).toFixed(0)} a second`],
    ["Answers", [...result.statuses].map(([status, count]) => `${status}: ${count}`).join(", ")],
    [
      "Events, spans, points",
      `${requests * eventsPerCycle}, ${requests * spansPerCycle}, ${Math.ceil(result.minutes) * clients * pointsPerExport}`,
    ],
    ["Stored against sent", result.differences.length === 0 ? "no difference" : result.differences.join("; ")],
    ["Collector", `${cores(collector)}, ${mib(collector.memory.own)}`],
    ["Prometheus", `${cores(prometheus)}, ${mib(prometheus.memory.own)}`],
    ["Prometheus, per request", `${perRequest(result.samples, 1)} samples, ${perRequest(result.blockBytes)} bytes`],
    ["Series", String(result.series)],
    ["Events, compressed, per request", `${perRequest(result.eventBytes)} bytes`],
    ["Spans, compressed, per request", `${perRequest(result.spanBytes)} bytes`],
  ];
  return ["| | |", "| --- | --- |", ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join("\n");
}
