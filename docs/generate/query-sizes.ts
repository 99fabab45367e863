import { rulesFileText } from "../../components/prometheus/config";
import { recordingRules } from "../../dashboards/rollups/rules";
import { allDashboards } from "../../dashboards/dashboards";
import { texts } from "../../dashboards/text/texts";
import { dashboardOptions } from "../../config/dashboards";
import { defaultConfig } from "../../cli/stack-file";
import { withMarked } from "./marks";

/** Sizes of what Prometheus has to read, and people may: with the default configuration and every panel. */
export interface QuerySizes {
  readonly rules: number;
  readonly ruleBytes: number;
  readonly queries: number;
  readonly median: number;
  /** Of the queries for one amount: those that select samples once, and hold no table of prices. */
  readonly longestAmount: number;
}

interface Panel {
  readonly targets?: readonly { readonly expr?: string; readonly datasource: { readonly type: string } }[];
}

/** Renders the rules and all dashboards, and measures them. Sizes in characters and bytes. */
export function querySizes(): QuerySizes {
  const config = defaultConfig();
  const rules = recordingRules({
    promisedLateness: config.prometheus.outOfOrderWindow,
    retentionSeconds: config.prometheus.retention,
  });
  const options = { ...dashboardOptions(config), text: texts.en };
  const dashboards = allDashboards({ ...options, plan: { kind: "api", seats: { count: 1, price: 1 } } });
  const queries = dashboards
    .flatMap(({ json }) => (JSON.parse(json) as { readonly panels: readonly Panel[] }).panels)
    .flatMap(({ targets = [] }) => targets)
    .flatMap(({ expr, datasource }) => (expr === undefined || datasource.type !== "prometheus" ? [] : [expr]))
    .sort((a, b) => a.length - b.length);
  const amounts = queries.filter(
    (query) => query.split("sum_over_time(").length === 2 && !query.includes("priced_model"),
  );
  return {
    rules: rules.groups.flatMap((group) => group.rules).length,
    ruleBytes: Buffer.byteLength(rulesFileText(rules)),
    queries: queries.length,
    median: queries[Math.floor(queries.length / 2)]?.length ?? 0,
    longestAmount: amounts.at(-1)?.length ?? 0,
  };
}

/** A document with the table of {@link querySizes} between its markers, before formatting. */
export function withQuerySizes(document: string): string {
  const { rules, ruleBytes, queries, median, longestAmount } = querySizes();
  const rows = [
    ["Recording rules, with or without `remoteWrite.url`", rules],
    ["Their file, bytes (a ConfigMap may have 1,048,576)", ruleBytes],
    ["Queries of panels", queries],
    ["Characters of a query, median", median],
    ["Characters of the longest query for one amount", longestAmount],
  ] as const;
  const table = [
    "| | |",
    "| --- | ---: |",
    ...rows.map(([name, value]) => `| ${name} | ${value.toLocaleString("en")} |`),
  ];
  return withMarked(document, "query sizes", table.join("\n"));
}
