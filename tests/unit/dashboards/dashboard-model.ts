import { dashboardOptions } from "../../../config/dashboards";
import { allDashboards } from "../../../dashboards/dashboards";
import type { BillOptions, DashboardOptions, EventStores, Plan } from "../../../dashboards/options";
import { texts } from "../../../dashboards/text/texts";
import { defaultConfig } from "../../../cli/stack-file";
import { hour } from "../../../units";

/** What the tests look at of Grafana's JSON model. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly timeFrom?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string; readonly noValue?: string } };
  readonly datasource?: SourceReference;
  readonly targets?: readonly Target[];
  readonly transformations?: readonly { readonly id: string; readonly options: Readonly<Record<string, unknown>> }[];
}

interface SourceReference {
  readonly type: string;
  readonly uid: string;
}

export interface Target {
  readonly refId: string;
  /** Of metrics, and of events. */
  readonly expr: string;
  /** Of traces. */
  readonly query?: string;
  readonly queryType?: string;
  readonly legendFormat?: string;
  readonly interval?: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly datasource?: SourceReference;
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly label?: string;
  readonly query: string;
  readonly regex?: string;
  readonly hide?: number;
  readonly multi: boolean;
  readonly includeAll: boolean;
  readonly allValue?: string;
  readonly current: { readonly value: unknown };
  readonly refresh: number;
  readonly skipUrlSync: boolean;
  readonly datasource?: SourceReference;
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly timezone: string;
  readonly tags: readonly string[];
  readonly panels: readonly Panel[];
  readonly templating: { readonly list?: readonly Variable[] };
  readonly links: readonly {
    readonly type: string;
    readonly tags: readonly string[];
    readonly includeVars: boolean;
    readonly keepTime: boolean;
  }[];
}

/** A plan that pays by seat. */
export const seats = { kind: "seats", seats: { count: 40, price: 100 } } as const satisfies Plan;

/** A stack that reads the provider's figures. */
export const bill: BillOptions = { minCoverage: 0.95, maxUnexplainedUsd: 5, settleAfterSeconds: 48 * hour };

/** A variable as Grafana will read it. */
export function builtVariable(variable: { build(): object }): Variable {
  return JSON.parse(JSON.stringify(variable.build())) as Variable;
}

/** Stores of events and traces. */
export const testStores: EventStores = {
  loki: { type: "loki", uid: "claude-code-monitoring-loki" },
  tempo: { type: "tempo", uid: "claude-code-monitoring-tempo" },
};

/** What the dashboards of a stack that configures nothing depend on. */
export function defaultOptions(changes: Partial<DashboardOptions> = {}): DashboardOptions {
  // A large team's: its ranges are answered from every source.
  return { events: testStores, ...dashboardOptions(defaultConfig()), rawRangeSeconds: 6 * hour, ...changes };
}

/** All dashboards as Grafana will read them. */
export function dashboardsFor(changes: Partial<DashboardOptions> = {}): Dashboard[] {
  return allDashboards(defaultOptions(changes)).map(parsedDashboard);
}

/** A dashboard as Grafana will read it. */
export function parsedDashboard({ json }: { readonly json: string }): Dashboard {
  return JSON.parse(json) as Dashboard;
}

/** A dashboard in one language, for one plan, with the provider's figures or without. */
export interface Variant {
  /** What a failing test shows. */
  readonly name: string;
  readonly language: string;
  readonly dashboard: Dashboard;
}

/** Every dashboard in every language for every plan; with seats, the provider's figures are read, too. */
export const variants: readonly Variant[] = Object.entries(texts).flatMap(([language, text]) =>
  [{ plan: { kind: "api" } } as const, { plan: seats, bill }].flatMap((options) =>
    dashboardsFor({ text, ...options }).map((dashboard) => ({
      name: `${dashboard.uid} (${language}, ${options.plan.kind})`,
      language,
      dashboard,
    })),
  ),
);

/** A dashboard's panels without the rows between them. */
export function panelsOf({ panels }: Dashboard): readonly Panel[] {
  return panels.filter(({ type }) => type !== "row");
}

/** A query and its panel. */
export interface PanelTarget {
  readonly panel: Panel;
  readonly target: Target;
}

/** A dashboard's queries of metrics, each with its panel. */
export function targetsOf(dashboard: Dashboard): PanelTarget[] {
  return targetsTo(dashboard, "prometheus");
}

/** A dashboard's queries to one kind of data source, each with its panel. */
export function targetsTo(dashboard: Dashboard, type: string): PanelTarget[] {
  return panelsOf(dashboard).flatMap((panel) =>
    (panel.targets ?? []).filter(({ datasource }) => datasource?.type === type).map((target) => ({ panel, target })),
  );
}

/** The variables a reader sees, and those that panels choose their source by. */
export function variablesOf({ templating }: Dashboard): {
  readonly shown: readonly Variable[];
  readonly hidden: readonly Variable[];
} {
  const list = templating.list ?? [];
  return { shown: list.filter(({ hide }) => hide === undefined), hidden: list.filter(({ hide }) => hide === 2) };
}

/** English text says what a panel is about: the English dashboards for the default plan, and those with seats. */
export const english = dashboardsFor();
