import * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";

import { prometheusDuration } from "../../units";
import { type AlertDelivery, declareDelivery } from "./delivery";

/** One alert rule: a query, asked at one instant, whose values are compared with a threshold. */
export interface GrafanaAlertRule {
  /** Stable, at most 40 characters, unique in the Grafana organisation. */
  readonly uid: string;
  /** Unique in the folder. */
  readonly name: string;
  /** PromQL. */
  readonly expr: string;
  readonly threshold: { readonly type: "gt" | "lt"; readonly value: number };
  /** Pending period: time above the threshold before the alert fires, e.g. `5m`. */
  readonly for: string;
  /** Time that it goes on firing below the threshold or without its series, in seconds. Default: Grafana's. */
  readonly keepFiringFor?: number;
  readonly noDataState: "OK" | "Alerting" | "NoData" | "KeepLast";
  readonly execErrState: "OK" | "Alerting" | "Error" | "KeepLast";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Rules that are evaluated one after the other. */
export interface GrafanaAlertGroup {
  /** Part of the resource's name. */
  readonly key: string;
  /** Unique in the folder. */
  readonly name: string;
  /** A multiple of 10. */
  readonly intervalSeconds: number;
  readonly alerts: readonly GrafanaAlertRule[];
  /** Uid of the folder that holds its rules. Not its id. */
  readonly folderUid: pulumi.Input<string>;
}

/** Inputs of {@link GrafanaAlerting}. */
export interface GrafanaAlertingArgs {
  /** Uid of the Prometheus data source that is asked. */
  readonly dataSourceUid: string;
  readonly groups: readonly GrafanaAlertGroup[];
  /** Undefined: alerts show in Grafana only. */
  readonly delivery: AlertDelivery | undefined;
}

/** Relative time range of a rule's data, in seconds. An instant query reads its end only. */
const queryRange = 600;

/**
 * Alert rules, and where their messages go.
 *
 * Declared objects are read only in Grafana (`disableProvenance` stays false), as everybody expects of provisioned
 * alerting. The next update would undo an edit there, and until then nobody would know which of the two holds.
 *
 * `provider` and `deletedWith` of its options hold for all that it declares.
 */
export class GrafanaAlerting extends pulumi.ComponentResource {
  constructor(name: string, args: GrafanaAlertingArgs, opts: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:grafana:GrafanaAlerting", name, {}, opts);
    // Pulumi hands a component's provider down to its children, but neither what they are deleted with nor what they
    // wait for.
    const { deletedWith, dependsOn } = opts;
    const options = { parent: this, deletedWith, dependsOn };
    const delivery = args.delivery && declareDelivery(name, args.delivery, options);
    for (const group of args.groups) {
      const rules = group.alerts.map((alert) => ({
        ...ruleInputs(alert, args.dataSourceUid),
        ...(alert.keepFiringFor === undefined ? {} : holdInputs(alert.keepFiringFor, group.intervalSeconds)),
        notificationSettings: delivery?.rulesSettings,
      }));
      new grafana.alerting.RuleGroup(
        `${name}-rules-${group.key}`,
        {
          name: group.name,
          folderUid: group.folderUid,
          intervalSeconds: group.intervalSeconds,
          rules,
        },
        // A group with another name takes the rules' uids over, so the old one has to go first.
        { ...options, deleteBeforeReplace: true },
      );
    }
    this.registerOutputs({ groups: args.groups.map(({ name: title }) => title), contactPoint: delivery?.contactPoint });
  }
}

/** A rule as the provider takes it. Models are JSON texts; each stage needs a time range. */
function ruleInputs(alert: GrafanaAlertRule, dataSourceUid: string): grafana.types.input.alerting.RuleGroupRule {
  const { uid, name, noDataState, execErrState, labels, annotations } = alert;
  return {
    uid,
    name,
    for: alert.for,
    noDataState,
    execErrState,
    labels,
    annotations,
    condition: "B",
    datas: [
      {
        refId: "A",
        datasourceUid: dataSourceUid,
        relativeTimeRange: { from: queryRange, to: 0 },
        model: JSON.stringify({
          refId: "A",
          datasource: { type: "prometheus", uid: dataSourceUid },
          editorMode: "code",
          expr: alert.expr,
          instant: true,
          range: false,
        }),
      },
      {
        refId: "B",
        datasourceUid: "__expr__",
        relativeTimeRange: { from: 0, to: 0 },
        model: JSON.stringify(thresholdModel(alert.threshold)),
      },
    ],
  };
}

/** Both, because Grafana counts the time only of a series that is there, and evaluations of one that is missing. */
function holdInputs(seconds: number, intervalSeconds: number) {
  return {
    keepFiringFor: prometheusDuration(seconds),
    // The first evaluation without it may come right after it vanished.
    missingSeriesEvalsToResolve: Math.ceil(seconds / intervalSeconds) + 1,
  };
}

function thresholdModel({ type, value }: GrafanaAlertRule["threshold"]): object {
  return {
    refId: "B",
    datasource: { type: "__expr__", uid: "__expr__" },
    type: "threshold",
    expression: "A",
    conditions: [{ evaluator: { type, params: [value] } }],
  };
}
