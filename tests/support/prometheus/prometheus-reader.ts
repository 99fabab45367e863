import { z } from "zod";

import { overHttp, PrometheusApi } from "../../../cli/prometheus-api";

const targetsSchema = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({ scrapePool: z.string(), scrapeUrl: z.string(), health: z.string(), lastError: z.string() }),
    ),
  }),
});
const rulesSchema = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        file: z.string(),
        interval: z.number(),
        rules: z.array(z.object({ name: z.string(), query: z.string(), health: z.string(), type: z.string() })),
      }),
    ),
  }),
});
const metadataSchema = z.object({ data: z.record(z.string(), z.array(z.object({ type: z.string() }))) });

/** What to sum. */
export interface SumOptions {
  /** Window that ends now, in Prometheus' notation, e.g. `1h`. */
  readonly window: string;
  /** Label matchers without braces, e.g. `team="core"`. Default none. */
  readonly matchers?: string;
  /** Labels to group by; the result's keys are their values joined by `|`. Default none: one key, `""`. */
  readonly by?: readonly string[];
  /** End of the window, in seconds since 1970. Default now. */
  readonly at?: number;
  /** Default `sum_over_time`, which is right for deltas; `increase` only to compare with running totals. */
  readonly windowFunction?: "sum_over_time" | "count_over_time" | "last_over_time" | "increase";
}

/** A Prometheus that tests ask directly. Every method rejects, with the answer, unless Prometheus answers 2xx. */
export class PrometheusReader extends PrometheusApi {
  /** @param url base URL, e.g. `http://127.0.0.1:9090` */
  constructor(readonly url: string) {
    super(overHttp(url));
  }

  /** Sums a delta metric's samples. A metric without samples gives no keys. */
  async sumOf(metric: string, options: SumOptions): Promise<Map<string, number>> {
    const by = options.by ?? [];
    const selector = `${metric}{${options.matchers ?? ""}}[${options.window}]`;
    const windowFunction = options.windowFunction ?? "sum_over_time";
    const result = await this.query(`sum by (${by.join(", ")}) (${windowFunction}(${selector}))`, options);
    return new Map(result.map(({ labels, value }) => [by.map((label) => labels[label] ?? "").join("|"), value]));
  }

  /** Sums a delta metric over all its series; 0 if there are none. */
  async totalOf(metric: string, options: Omit<SumOptions, "by">): Promise<number> {
    return (await this.sumOf(metric, options)).get("") ?? 0;
  }

  /** The scrape targets and their health (`up`, `down`, `unknown`). */
  async targets(): Promise<z.infer<typeof targetsSchema>["data"]["activeTargets"]> {
    return targetsSchema.parse(await this.access.get("/api/v1/targets?state=active")).data.activeTargets;
  }

  /** The rule groups that are loaded. */
  async ruleGroups(): Promise<z.infer<typeof rulesSchema>["data"]["groups"]> {
    return rulesSchema.parse(await this.access.get("/api/v1/rules")).data.groups;
  }

  /** Metric types known, by metric name. */
  async metadata(): Promise<Map<string, string>> {
    const { data } = metadataSchema.parse(await this.access.get("/api/v1/metadata"));
    return new Map(Object.entries(data).map(([name, entries]) => [name, entries[0]?.type ?? "unknown"]));
  }
}
