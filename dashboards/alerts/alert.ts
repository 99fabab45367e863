import { billUid } from "../bill/bill";
import type { DashboardOptions } from "../options";
import { overviewUid } from "../overview/overview";
import type { Matchers } from "../queries/selector";
import type { ZoneOffsets } from "../queries/time-zone";
import { spendUid } from "../spend/spend";
import { labels } from "../../telemetry/labels";
import { trustUid } from "../trust/trust";
import type { AlertOptions } from "./options";
import type { Topic } from "./topics";

/** Urgency of an alert, in its label `severity`. */
export type Severity = "warning" | "critical";

/** An alert rule of Grafana, independent of how it is declared. */
export interface Alert {
  /** Stable, at most 40 characters. */
  readonly uid: string;
  readonly name: string;
  /** PromQL, asked at one instant; each series of its result is an alert of its own. */
  readonly expr: string;
  /** Fires where the query's value is above or below. */
  readonly threshold: { readonly type: "gt" | "lt"; readonly value: number };
  /** Pending period before it fires, in Prometheus' notation. */
  readonly for: string;
  /** Time that it goes on after its query no longer passes, in seconds. Undefined: none. */
  readonly keepFiringFor: number | undefined;
  /** State for a query without result. */
  readonly noDataState: "OK" | "Alerting";
  /** State for a query that fails. */
  readonly execErrState: "KeepLast" | "Alerting";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Alerts that are evaluated together. */
export interface AlertGroup {
  /** Stable. */
  readonly key: string;
  readonly name: string;
  /** Evaluation interval in seconds. Grafana demands a multiple of 10. */
  readonly intervalSeconds: number;
  readonly alerts: readonly Alert[];
}

/** Inputs of every alert. */
export interface AlertContext {
  readonly options: DashboardOptions;
  readonly alertOptions: AlertOptions;
  readonly zone: ZoneOffsets;
}

/** Words of an alert. Summary and description may hold Grafana's templates, e.g. `{{ $labels.user }}`. */
export interface AlertWords {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
}

/** Properties that differ between alerts. */
export interface AlertArgs {
  readonly uid: string;
  readonly words: AlertWords;
  readonly severity: Severity;
  readonly topic: Topic;
  readonly expr: string;
  /** Fires where the query's value is above this. Default 0. */
  readonly above?: number;
  /** Fires where the query's value is below this, and then `above` does not count. */
  readonly below?: number;
  /** Default `0s`. */
  readonly for?: string;
  /** Default: none. */
  readonly keepFiringFor?: number;
  /** Fires without a result, too. Default false. */
  readonly silenceIsAlarming?: boolean;
  /** Fires when the query fails, too. Default false. */
  readonly failureIsAlarming?: boolean;
  /** File in `docs/runbooks`. */
  readonly runbook: string;
  readonly panel: PanelLink;
}

/** A panel that shows what an alert is about. */
export interface PanelLink {
  readonly dashboardUid: string;
  readonly panelId: number;
}

/** The panels that alerts link to. A unit test holds ids and titles together. */
export const alertPanels = {
  costToday: { dashboardUid: overviewUid, panelId: 102 },
  costPerHour: { dashboardUid: overviewUid, panelId: 205 },
  costByUser: { dashboardUid: overviewUid, panelId: 506 },
  monthToDate: { dashboardUid: spendUid, panelId: 101 },
  forecast: { dashboardUid: spendUid, panelId: 102 },
  billingByTeam: { dashboardUid: spendUid, panelId: 210 },
  billingByUser: { dashboardUid: spendUid, panelId: 211 },
  priceComparison: { dashboardUid: spendUid, panelId: 303 },
  lastData: { dashboardUid: trustUid, panelId: 101 },
  refusedByCollectors: { dashboardUid: trustUid, panelId: 102 },
  received: { dashboardUid: trustUid, panelId: 103 },
  queue: { dashboardUid: trustUid, panelId: 201 },
  failedSends: { dashboardUid: trustUid, panelId: 202 },
  refusedByPrometheus: { dashboardUid: trustUid, panelId: 301 },
  series: { dashboardUid: trustUid, panelId: 303 },
  backups: { dashboardUid: trustUid, panelId: 304 },
  rollupDifference: { dashboardUid: trustUid, panelId: 403 },
  lostCost: { dashboardUid: trustUid, panelId: 501 },
  refusedEvents: { dashboardUid: trustUid, panelId: 601 },
  failedEvents: { dashboardUid: trustUid, panelId: 602 },
  coverage: { dashboardUid: billUid, panelId: 104 },
  differenceByDay: { dashboardUid: billUid, panelId: 202 },
  billRun: { dashboardUid: billUid, panelId: 601 },
  billRefused: { dashboardUid: billUid, panelId: 602 },
} as const satisfies Record<string, PanelLink>;

/** Leaves out what `npm run demo` sends: it is nobody's money. */
export const realUsage: Matchers = [`${labels.demo}=""`];

/**
 * An alert with the defaults of all.
 *
 * A query without result is no alarm: nobody has spent anything. A query that fails says nothing about its subject, so
 * the alert stays as it was. One alert, and not all of them, says that Prometheus does not answer.
 */
export function alert(args: AlertArgs, { alertOptions: { docsUrl } }: AlertContext): Alert {
  const { words, panel, silenceIsAlarming = false, failureIsAlarming = false } = args;
  const page = `runbooks/${args.runbook}`;
  return {
    uid: args.uid,
    name: words.name,
    expr: args.expr,
    threshold: thresholdOf(args),
    for: args.for ?? "0s",
    keepFiringFor: args.keepFiringFor,
    noDataState: silenceIsAlarming ? "Alerting" : "OK",
    execErrState: failureIsAlarming ? "Alerting" : "KeepLast",
    labels: { severity: args.severity, topic: args.topic, [ownershipLabel.name]: ownershipLabel.value },
    annotations: {
      summary: words.summary,
      description: words.description,
      ...(docsUrl === undefined ? { runbook: `docs/${page}` } : { runbook_url: `${docsUrl}/${page}` }),
      // Grafana's own names: it links the panel, and draws the alert's state into it.
      __dashboardUid__: panel.dashboardUid,
      __panelId__: String(panel.panelId),
    },
  };
}

function thresholdOf({ above = 0, below }: Pick<AlertArgs, "above" | "below">): Alert["threshold"] {
  return below === undefined ? { type: "gt", value: above } : { type: "lt", value: below };
}

/** Every alert carries it, so that a notification policy can tell this stack's alerts from others. */
export const ownershipLabel = { name: "monitoring", value: "claude-code" } as const;
