import { dashboardOptions } from "../config";
import type { DashboardModel } from "../dashboards/dashboard";
import { allDashboards } from "../dashboards/dashboards";
import { texts } from "../dashboards/text/texts";
import { units } from "../dashboards/units";
import { readableLogQuery, readableQuery } from "./readable-query";
import { defaultConfig } from "./stack-file";

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly timeFrom?: string;
  readonly targets: readonly Target[];
  readonly fieldConfig: {
    readonly defaults: { readonly unit: string };
    readonly overrides: readonly {
      readonly matcher: { readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
  readonly transformations?: readonly { readonly id: string; readonly options: object }[];
}

interface Target {
  readonly refId: string;
  /** Of metrics and events. */
  readonly expr?: string;
  /** Of traces. */
  readonly query?: string;
  readonly legendFormat?: string;
  readonly datasource: { readonly type: string };
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly time: { readonly from: string };
  readonly panels: readonly Panel[];
}

const introduction = `# Panels

Written by \`npm run docs\` from the dashboards in English with the default configuration.

The queries are those for a range that raw series answer, without the filters: the first three dashboards' queries also
carry \`user\`, \`team\`, \`location\`, \`device\`, \`model\` and \`vcs_repository_name\`, those about requests \`team\` and
\`model\`, those about tools \`team\`; they read roll-ups where the range is longer than \`rawRange\`. The roll-ups are those
that are read while nothing is filtered by user, device or repository, and of each the first passes; those with a
\`rollup_lag\` are left out. \`…\` stands for the other prices of
\`dashboards/prices.ts\`. The whole queries are in \`tests/unit/golden/dashboards/\`.`;

const unitNames: Readonly<Record<string, string>> = {
  [units.usd]: "USD",
  [units.count]: "number",
  [units.share]: "per cent",
  [units.seconds]: "seconds",
  [units.milliseconds]: "milliseconds",
  [units.bytes]: "bytes",
  [units.perMinute]: "per minute",
};

/** `docs/panels.md`: every panel with what it means, its limits and its query. Markdown, before formatting. */
export function panelsReference(): string {
  const options = { ...dashboardOptions(defaultConfig()), text: texts.en };
  const bySeat = allDashboards({ ...options, plan: { kind: "seats", seats: 10, pricePerSeat: 100 } });
  const sections = allDashboards(options).map((dashboard, index) =>
    dashboardSection(model(dashboard), model(bySeat[index] ?? dashboard)),
  );
  return `${[introduction, ...sections].join("\n\n")}\n`;
}

function model({ json }: DashboardModel): Dashboard {
  return JSON.parse(json) as Dashboard;
}

function dashboardSection(dashboard: Dashboard, bySeat: Dashboard): string {
  const { title, description, uid, time } = dashboard;
  const known = new Set(dashboard.panels.map(({ id }) => id));
  return [
    `## ${title}`,
    `${description} (\`/d/${uid}\`, opens with \`${time.from}\`)`,
    ...dashboard.panels.map((panel) => panelSection(panel)),
    ...bySeat.panels.filter(({ id }) => !known.has(id)).map((panel) => panelSection(panel, " (with `plan` `seats`)")),
  ].join("\n\n");
}

function panelSection(panel: Panel, note = ""): string {
  const { type, title, description, timeFrom, fieldConfig } = panel;
  if (type === "row") {
    return `### ${title}${note}`;
  }
  const unit = type === "table" || type === "logs" ? [] : [`Unit: ${unitName(fieldConfig.defaults.unit)}.`];
  const range = timeFrom === undefined ? [] : [`From \`${timeFrom}\`, whatever the range shown.`];
  return [`#### ${title}`, description, [...unit, ...range].join(" "), ...queries(panel)]
    .filter((part) => part !== "")
    .join("\n\n");
}

function queries(panel: Panel): string[] {
  return panel.targets.flatMap((target) => {
    const { refId, legendFormat = "" } = target;
    const isColumn = panel.type === "table" && target.datasource.type === "prometheus";
    const name = isColumn ? columnName(panel, refId) : legendFormat;
    return isColumn || panel.targets.length > 1 ? [`${name}:`, queryBlock(target)] : [queryBlock(target)];
  });
}

function queryBlock({ expr = "", query = "", datasource: { type } }: Target): string {
  const [language, text] =
    type === "prometheus"
      ? ["promql", readableQuery(expr)]
      : type === "loki"
        ? ["logql", readableLogQuery(expr)]
        : ["traceql", query];
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** A table's column is renamed by a transformation, and has its unit by an override. */
function columnName({ targets, transformations = [], fieldConfig }: Panel, refId: string): string {
  const renames = transformations.map(({ options }) =>
    "renameByName" in options ? (options.renameByName as Readonly<Record<string, string>>) : {},
  );
  const title =
    renames.map((names) => names[targets.length === 1 ? "Value" : `Value #${refId}`]).find(Boolean) ?? refId;
  const properties = fieldConfig.overrides.find(({ matcher }) => matcher.options === title)?.properties ?? [];
  const own = properties.find(({ id }) => id === "unit")?.value;
  const unit = typeof own === "string" ? own : fieldConfig.defaults.unit;
  return `${title}, ${unitName(unit)}`;
}

function unitName(unit: string): string {
  return unitNames[unit] ?? unit;
}
