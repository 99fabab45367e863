import { formatDuration } from "../units";
import { accessContradictions, productionAccessRefusals } from "./access";
import type { StackConfig } from "./schema";
import { plaintextCredentials, remoteWriteContradictions } from "./remote-write";
import { longestLateness } from "../dashboards/rollups/levels";

/** Components whose CPU and memory are configured. */
export const componentsWithResources = ["collector", "prometheus", "loki", "tempo", "grafana"] as const;

const minimumPasswordLength = 12;
const defaultPasswords: ReadonlySet<string> = new Set(["admin", "administrator", "password", "grafana", "changeme"]);

/** What cannot be meant, although each value is right by itself. Values that were refused are left out. */
export function contradictions(config: Partial<StackConfig>): string[] {
  const problems: string[] = [];
  const nodePorts = [config.grafanaNodePort, config.otlpGrpcNodePort, config.otlpHttpNodePort];
  if (config.exposure === "NodePort" && new Set(nodePorts).size < nodePorts.length) {
    problems.push(
      `grafanaNodePort, otlpGrpcNodePort, otlpHttpNodePort: found ${nodePorts.join(", ")}; expected three different ports`,
    );
  }
  // Comparisons with a value that was refused are false.
  if (Number(config.prometheusOutOfOrderWindow) <= Number(config.clockBehindTolerance)) {
    problems.push(
      "prometheusOutOfOrderWindow: found no more than clockBehindTolerance; expected that plus the longest outage to survive",
    );
  }
  const { collectorMaxReplicas: most, collectorReplicas: least } = config;
  if (most !== undefined && least !== undefined && most > 0 && most < least) {
    problems.push(`collectorMaxReplicas: found "${most}"; expected 0 or at least collectorReplicas, ${least}`);
  }
  for (const component of componentsWithResources) {
    const request = config[`${component}CpuRequest`];
    const limit = config[`${component}CpuLimit`];
    if (request !== undefined && limit !== undefined && request.cores > limit.cores) {
      problems.push(
        `${component}CpuRequest: found "${request.text}"; expected at most ${component}CpuLimit, "${limit.text}"`,
      );
    }
  }
  return [
    ...problems,
    ...grafanaContradictions(config),
    ...planContradictions(config),
    ...windowContradictions(config),
    ...storeContradictions(config),
    ...alertContradictions(config),
    ...accessContradictions(config),
    ...remoteWriteContradictions(config),
  ];
}

/** Content must have a Grafana to go to, and a Prometheus to show. */
function grafanaContradictions(config: Partial<StackConfig>): string[] {
  const problems: string[] = [];
  if (config.grafana === "external" && config.grafanaAuth === "") {
    problems.push('grafanaAuth: found nothing; with grafana "external" expected a token or user:password');
  }
  if (config.grafana === "in-cluster" && config.grafanaDataSourceUid !== undefined) {
    problems.push(
      `grafanaDataSourceUid: found "${config.grafanaDataSourceUid}"; with grafana "in-cluster" expected nothing, its data source is created`,
    );
  }
  if (config.collection !== "none") {
    return [...problems, ...readerContradictions(config)];
  }
  if (config.grafana !== undefined && config.grafana !== "external") {
    problems.push(`grafana: found "${config.grafana}"; with collection "none" expected external`);
  } else if (config.grafanaDataSourceUid === undefined && config.grafanaPrometheusUrl === undefined) {
    problems.push(
      'grafanaDataSourceUid: found nothing; with collection "none" expected a data source, or grafanaPrometheusUrl',
    );
  }
  return problems;
}

/** A Grafana elsewhere that is told the address inside the cluster is in another namespace. */
function readerContradictions(config: Partial<StackConfig>): string[] {
  const inside = config.grafanaDataSourceUid === undefined && config.grafanaPrometheusUrl === undefined;
  const cutOff = config.networkPolicies === true && config.readerNamespaces?.length === 0;
  return config.grafana === "external" && inside && cutOff
    ? [
        'readerNamespaces: found nothing; with grafana "external" expected its namespace, or grafanaPrometheusUrl, or ' +
          'networkPolicies "false"',
      ]
    : [];
}

function planContradictions(config: Partial<StackConfig>): string[] {
  const seats = config.seats !== undefined && config.seats > 0;
  const price = config.seatPrice !== undefined;
  if (config.plan === "seats" && !(seats && price)) {
    return ['seats, seatPrice: found none; with plan "seats" expected both'];
  }
  if (config.plan === "api" && (seats || price)) {
    return ['seats, seatPrice: found a value; with plan "api" expected neither'];
  }
  return [];
}

/** Comparisons with a value that was refused are false. */
function windowContradictions(config: Partial<StackConfig>): string[] {
  const retention = Number(config.prometheusRetention);
  const tooLong = Number(config.prometheusOutOfOrderWindow) > longestLateness;
  const problem = `prometheusOutOfOrderWindow: found more than ${formatDuration(longestLateness)}; expected at most that, the last pass of the roll-ups`;
  const notKept = Number(config.prometheusOutOfOrderWindow) >= retention;
  return [
    ...(tooLong ? [problem] : []),
    ...(notKept ? ["prometheusOutOfOrderWindow: found no less than prometheusRetention; expected less"] : []),
  ];
}

/** Loki refuses to start with less. */
const shortestLokiRetention = 86_400;

/** A store must keep data for longer than data may be late. */
function storeContradictions(config: Partial<StackConfig>): string[] {
  const lateness = Number(config.prometheusOutOfOrderWindow);
  return (["loki", "tempo"] as const).flatMap((store) => {
    if (config[store] === false) {
      return [];
    }
    const retention = Number(config[`${store}Retention`]);
    return [
      ...(retention <= lateness
        ? [`${store}Retention: found no more than prometheusOutOfOrderWindow; expected more`]
        : []),
      ...(store === "loki" && retention < shortestLokiRetention
        ? ["lokiRetention: found less than 24h; expected at least that"]
        : []),
    ];
  });
}

const budgetKeys = [
  "monthlyBudget",
  "dailyBudget",
  "teamMonthlyBudgets",
  "teamDailyBudgets",
  "userMonthlyBudget",
  "userDailyBudget",
] as const;
const monthlyKeys: readonly string[] = ["monthlyBudget", "teamMonthlyBudgets", "userMonthlyBudget"];
/** A month, and a day for the zone and the first hour. */
const monthAndDay = 32 * 86_400;

/** Alerts that could never fire or would count wrongly, and messages that nobody would get. */
function alertContradictions(config: Partial<StackConfig>): string[] {
  const budgets = budgetKeys.filter((key) => isSet(config[key]));
  const short = Number(config.prometheusRetention) < monthAndDay;
  const muted = config.alertMuteTimes !== undefined && config.alertMuteTimes.length > 0;
  return [
    ...(config.plan === "seats"
      ? budgets.map((key) => `${key}: found a budget; with plan "seats" expected nothing, its alerts would never fire`)
      : []),
    ...budgets
      .filter((key) => short && monthlyKeys.includes(key))
      .map((key) => `prometheusRetention: found less than 32d; with ${key} expected at least that`),
    ...(muted && toldToNobody(config)
      ? ["alertMuteTimes: found times; without anybody to be told expected nothing"]
      : []),
    ...(Number(config.alertRepeatInterval) < Number(config.alertGroupInterval)
      ? ["alertRepeatInterval: found less than alertGroupInterval; expected at least that"]
      : []),
  ];
}

function isSet(value: number | ReadonlyMap<string, number> | undefined): boolean {
  return value !== undefined && (typeof value === "number" || value.size > 0);
}

/** Whether no contact point is configured. */
function toldToNobody(config: Partial<StackConfig>): boolean {
  const { alertEmails = [], alertSlackUrl, alertWebhookUrl, alertPagerDutyKey = "" } = config;
  return [...alertEmails, alertSlackUrl ?? "", alertWebhookUrl ?? "", alertPagerDutyKey].every((way) => way === "");
}

/** What `environment: production` refuses. */
export function productionRefusals(config: Partial<StackConfig>): string[] {
  if (config.environment !== "production") {
    return [];
  }
  const problems = plaintextCredentials(config);
  if (config.grafanaAdminPassword !== undefined && isWeak(config.grafanaAdminPassword)) {
    problems.push(
      "grafanaAdminPassword: found a default or short password; in production expected nothing (one is generated) or at " +
        `least ${minimumPasswordLength} characters set with pulumi config set --secret`,
    );
  }
  if (config.exposure === "NodePort") {
    problems.push('exposure: found "NodePort"; in production expected Ingress, LoadBalancer or ClusterIP');
  }
  return [...problems, ...productionAccessRefusals(config)];
}

/** An empty password is not weak: it is replaced by a generated one. */
function isWeak(password: string): boolean {
  const short = password !== "" && password.length < minimumPasswordLength;
  return short || defaultPasswords.has(password.toLowerCase());
}
