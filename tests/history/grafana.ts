import { z } from "zod";

import { groupKey, type Groups } from "./point";
import { overHttp, PrometheusApi } from "../../cli/prometheus-api";

/** What this needs to know of Grafana's JSON model. */
const targetSchema = z.object({
  refId: z.string(),
  expr: z.string(),
  instant: z.boolean().optional(),
  interval: z.string().optional(),
});
const panelSchema = z.object({
  id: z.number(),
  title: z.string(),
  type: z.string(),
  timeFrom: z.string().optional(),
  fieldConfig: z.object({ defaults: z.object({ unit: z.string().optional() }) }).optional(),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(targetSchema).optional(),
});
const variableSchema = z.object({
  name: z.string(),
  hide: z.number().optional(),
  multi: z.boolean().optional(),
  query: z.string(),
  regex: z.string().optional(),
});
const modelSchema = z.object({
  uid: z.string(),
  time: z.object({ from: z.string() }),
  panels: z.array(panelSchema),
  templating: z.object({ list: z.array(variableSchema).optional() }).optional(),
});

export type Panel = z.infer<typeof panelSchema>;
export type Target = z.infer<typeof targetSchema>;
export type Model = z.infer<typeof modelSchema>;

/** Reads a dashboard's JSON as far as queries depend on it. */
export function parseModel(json: string): Model {
  return modelSchema.parse(JSON.parse(json));
}

/** What a reader has picked. */
export interface Picked {
  /** End of the range, in milliseconds since 1970. */
  readonly toMs: number;
  readonly rangeSeconds: number;
  /** Values of filters; a filter that is left out is `All`. */
  readonly filters?: Readonly<Record<string, readonly string[]>>;
  /** Bars that fit into a panel. Default 300. */
  readonly maxDataPoints?: number;
}

/** Interval lengths that Grafana chooses from, in seconds. */
const niceIntervals = [
  15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 604_800,
];

/** Values of a dashboard's variables, the hidden ones asked of Prometheus as Grafana asks. */
export async function variableValues(url: string, model: Model, picked: Picked): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  // In the order of the list: each depends on those before it.
  for (const { name, hide, multi = false, query, regex } of model.templating?.list ?? []) {
    if (hide === 2) {
      values.set(name, await queryResult(url, withValues(query, values), regex ?? "", picked));
    } else {
      const chosen = picked.filters?.[name];
      values.set(
        name,
        chosen === undefined
          ? ".*"
          : chosen.length === 1
            ? (multi ? escaped : String)(chosen[0] ?? "")
            : `(${chosen.map(escaped).join("|")})`,
      );
    }
  }
  return values;
}

/** `query_result(…)`: each result as text, from which the regular expression takes the value. */
async function queryResult(url: string, query: string, regex: string, picked: Picked): Promise<string> {
  const expression = /^query_result\((.*)\)$/s.exec(query)?.[1] ?? "";
  const asked = withRange(expression, picked.rangeSeconds);
  const results = await new PrometheusApi(overHttp(url)).query(asked, { at: picked.toMs / 1000 });
  const texts = results.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([name, text]) => `${name}="${text}"`);
    return `{${pairs.join(",")}} ${value} ${picked.toMs}`;
  });
  const pattern = new RegExp(regex.slice(1, -1));
  const [value, ...more] = texts.flatMap((text) => pattern.exec(text)?.[1] ?? []);
  if (value === undefined || more.length > 0) {
    throw new Error(`${query}: found ${texts.join(" and ") || "nothing"}; expected one result`);
  }
  return value;
}

/** Grafana escapes a multi-value variable's values for a regular expression within a PromQL string. */
function escaped(value: string): string {
  return value.replaceAll(/[\\^$*+?.()|[\]{}-]/g, "\\\\$&");
}

function withRange(expression: string, rangeSeconds: number): string {
  return expression.replaceAll("$__range_s", String(rangeSeconds)).replaceAll("$__range", `${rangeSeconds}s`);
}

/** A text with the dashboard's own variables replaced, `$name` and `${name}`. */
function withValues(text: string, values: ReadonlyMap<string, string>): string {
  // The longest first: one name may begin with another.
  const own = [...values].sort(([a], [b]) => b.length - a.length);
  return own.reduce((done, [name, value]) => {
    const literal = value.replaceAll("$", "$$$$");
    return done.replaceAll(`$\{${name}}`, literal).replaceAll(`$${name}`, literal);
  }, text);
}

/** A target's query with every variable replaced. */
export function interpolated(
  expr: string,
  values: ReadonlyMap<string, string>,
  rangeSeconds: number,
  stepSeconds: number,
) {
  const replaced = withValues(expr, values);
  return withRange(replaced, rangeSeconds)
    .replaceAll("${__interval_ms}", String(stepSeconds * 1000))
    .replaceAll("$__interval_ms", String(stepSeconds * 1000))
    .replaceAll("$__interval", `${stepSeconds}s`);
}

/** The step that Grafana asks for: what fits the panel, rounded to a nice length, at least the target's minimum. */
export function stepSeconds(target: Target, values: ReadonlyMap<string, string>, picked: Picked): number {
  const minimum = [...values].reduce(
    (text, [name, value]) => text.replaceAll(`$${name}`, value),
    target.interval ?? "",
  );
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[minimum.at(-1) as "s" | "m" | "h" | "d"];
  // Without one of its own, a target has the panel's: every panel over time has one minute.
  const atLeast = minimum === "" ? 60 : Number.parseInt(minimum, 10) * seconds;
  const fitting = picked.rangeSeconds / (picked.maxDataPoints ?? 300);
  return Math.max(atLeast, niceIntervals.find((nice) => nice >= fitting) ?? 604_800);
}

/** A target's answer: groups by instant in milliseconds, one instant for a single number. */
export type Answer = ReadonlyMap<number, Groups>;

/** Asks Prometheus what Grafana would ask, and gives the query asked. */
export async function ask(
  url: string,
  target: Target,
  values: ReadonlyMap<string, string>,
  picked: Picked,
  change: (expr: string) => string = (expr) => expr,
): Promise<{ readonly step: number; readonly answer: Answer }> {
  const step = stepSeconds(target, values, picked);
  const expr = interpolated(change(target.expr), values, picked.rangeSeconds, step);
  const prometheus = new PrometheusApi(overHttp(url));
  if (target.instant === true) {
    const result = await prometheus.query(expr, { at: picked.toMs / 1000 });
    return {
      step,
      answer: new Map([[picked.toMs, new Map(result.map(({ labels, value }) => [groupKey(labels), value]))]]),
    };
  }
  // Range queries are aligned to the step.
  const start = Math.floor((picked.toMs / 1000 - picked.rangeSeconds) / step) * step;
  const end = Math.floor(picked.toMs / 1000 / step) * step;
  const answer = new Map<number, Map<string, number>>();
  for (const { metric, values: samples } of await prometheus.queryRange(expr, { start, end, step })) {
    for (const [time, value] of samples) {
      const groups = answer.get(time * 1000) ?? new Map<string, number>();
      answer.set(time * 1000, groups.set(groupKey(metric), Number(value)));
    }
  }
  return { step, answer };
}
