import { performance } from "node:perf_hooks";

import type { Coldness } from "./cold";
import { type Usage, watchProcess } from "./process-usage";

/** One query of a panel, with nothing left to interpolate. */
export interface PanelQuery {
  readonly panel: string;
  readonly expr: string;
  readonly kind: "instant" | "range";
  /** Distance of a range query's instants. */
  readonly stepSeconds: number;
  /** The same question, asked of raw series. Default: `expr`. */
  readonly rawVariant?: string;
  /** The same question in the common wrong way, with `increase()`. Default: `expr`. */
  readonly seedVariant?: string;
}

/** What a browser asks for when a dashboard is opened. */
export interface DashboardQueries {
  readonly dashboard: string;
  readonly range: { readonly name: string; readonly seconds: number };
  readonly queries: readonly PanelQuery[];
}

/** Ways to ask: the stack's own, of raw series, and with `increase()`. */
export const variants = ["stack", "raw", "seed"] as const;

/** One of {@link variants}. */
export type Variant = (typeof variants)[number];

/** How one query went. */
export interface QueryResult {
  readonly panel: string;
  /** From the moment that it was sent until its answer was there. */
  readonly seconds: number;
  /** Number of series of the answer. */
  readonly series: number;
  readonly bytes: number;
  /** Why there is no answer. */
  readonly error?: string;
}

/** How all queries of a dashboard went, asked at once. */
export interface Run {
  /** Until the last answer was there. */
  readonly wallSeconds: number;
  /** What Prometheus needed for it; undefined where that could not be seen. */
  readonly usage?: Usage;
  readonly queries: readonly QueryResult[];
}

/** All runs of one variant. */
export interface VariantRuns {
  /** The first after a restart, and how cold that was. Only if asked for. */
  readonly cold?: Run & { readonly coldness: Coldness };
  /** The following ones. */
  readonly warm: readonly Run[];
}

/** What {@link measureDashboard} found. */
export interface Measurement {
  readonly dashboard: string;
  readonly range: DashboardQueries["range"];
  /** Only the variants that the queries have. */
  readonly variants: Readonly<Partial<Record<Variant, VariantRuns>>>;
}

/** What is asked. A `BenchPrometheus` is one. */
export interface QueryTarget {
  /** Base URL. */
  readonly url: string;
  /** "Now", in seconds since 1970. */
  readonly end: number;
  /** Process to watch. Default: none. */
  readonly pid?: number;
}

/** How to measure. */
export interface MeasureOptions {
  /** Makes the target cold before the first run of each variant. Default: there is no cold run. */
  readonly makeCold?: () => Promise<Coldness>;
  /** Number of warm runs. Default 3. */
  readonly warmRuns?: number;
  /** How many queries may be under way at once. Default: all, as Prometheus sees it behind Grafana. */
  readonly concurrency?: number;
  /** Which to measure, as far as the queries have them. Default: all. */
  readonly variants?: readonly Variant[];
}

/**
 * Measures how long a dashboard takes to load: all its queries at once, as a browser sends them through Grafana. Where a
 * query lacks a variant, its `expr` stands in, so that all variants ask the same number of questions.
 */
export async function measureDashboard(
  target: QueryTarget,
  dashboard: DashboardQueries,
  options: MeasureOptions = {},
): Promise<Measurement> {
  const measured: Partial<Record<Variant, VariantRuns>> = {};
  for (const variant of options.variants ?? variants) {
    if (hasVariant(dashboard, variant)) {
      measured[variant] = await measureVariant(target, dashboard, variant, options);
    }
  }
  return { dashboard: dashboard.dashboard, range: dashboard.range, variants: measured };
}

async function measureVariant(
  target: QueryTarget,
  dashboard: DashboardQueries,
  variant: Variant,
  { makeCold, warmRuns = 3, concurrency = Infinity }: MeasureOptions,
): Promise<VariantRuns> {
  const run = (): Promise<Run> => runOnce(target, dashboard, variant, concurrency);
  const coldness = await makeCold?.();
  const cold = coldness === undefined ? {} : { cold: { ...(await run()), coldness } };
  const warm: Run[] = [];
  while (warm.length < warmRuns) {
    warm.push(await run());
  }
  return { ...cold, warm };
}

function hasVariant({ queries }: DashboardQueries, variant: Variant): boolean {
  return variant === "stack" || queries.some((query) => expression(query, variant) !== query.expr);
}

function expression(query: PanelQuery, variant: Variant): string {
  const asked = { stack: query.expr, raw: query.rawVariant, seed: query.seedVariant }[variant];
  return asked ?? query.expr;
}

async function runOnce(
  target: QueryTarget,
  { range, queries }: DashboardQueries,
  variant: Variant,
  concurrency: number,
): Promise<Run> {
  const usage = target.pid === undefined ? undefined : watchProcess(target.pid);
  const waiting = [...queries.entries()];
  const answers: Answer[] = [];
  const start = performance.now();
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, query] = next;
      answers[index] = await ask(target.url, queryForm(query, expression(query, variant), target.end, range.seconds));
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, queries.length) }, worker));
  const wallSeconds = (performance.now() - start) / 1000;
  return {
    wallSeconds,
    ...(usage === undefined ? {} : { usage: usage() }),
    // Parsed only now: it would take the time of a core that Prometheus needs.
    queries: answers.map((answer, index) => resultOf(queries[index]?.panel ?? "", answer)),
  };
}

/** The body of a query as Grafana sends it. It moves a range's ends onto multiples of the step. */
export function queryForm(query: PanelQuery, expr: string, end: number, rangeSeconds: number): QueryForm {
  if (query.kind === "instant") {
    return { path: "/api/v1/query", form: { query: expr, time: String(end) } };
  }
  const aligned = (time: number): string => String(Math.floor(time / query.stepSeconds) * query.stepSeconds);
  const form = { query: expr, start: aligned(end - rangeSeconds), end: aligned(end), step: String(query.stepSeconds) };
  return { path: "/api/v1/query_range", form };
}

/** A request of Prometheus' HTTP API. */
export interface QueryForm {
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
}

interface Answer {
  readonly seconds: number;
  readonly body: string;
  readonly failure?: string;
}

async function ask(url: string, { path, form }: QueryForm): Promise<Answer> {
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  try {
    const response = await fetch(url + path, { method: "POST", body: new URLSearchParams(form) });
    const body = await response.text();
    return { seconds: seconds(), body };
  } catch (error) {
    // The reason is in the cause: `fetch failed` says nothing.
    const { message, cause } = error as Error;
    return { seconds: seconds(), body: "", failure: cause instanceof Error ? cause.message : message };
  }
}

function resultOf(panel: string, { seconds, body, failure }: Answer): QueryResult {
  const common = { panel, seconds, bytes: Buffer.byteLength(body) };
  const { result, error } = failure === undefined ? parsed(body) : { result: undefined, error: failure };
  return { ...common, series: result?.length ?? 0, ...(result === undefined ? { error: error ?? "no result" } : {}) };
}

function parsed(body: string): { result?: unknown[]; error?: string } {
  try {
    const { data, error } = JSON.parse(body) as { data?: { result?: unknown[] }; error?: string };
    return {
      ...(data?.result === undefined ? {} : { result: data.result }),
      ...(error === undefined ? {} : { error }),
    };
  } catch {
    return { error: body.slice(0, 200) };
  }
}
