import { z } from "zod";

import { grafanaRoles } from "../components/grafana/oidc";
import { contradictions, productionRefusals } from "./contradictions";
import * as value from "./values";
import { contentKindNames } from "../telemetry/attributes";

/** Thrown for configuration that cannot be deployed; its message lists every problem, each with its key. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(
      `The stack's configuration has ${problems.length} problem(s):\n${problems.map((p) => `  - ${p}`).join("\n")}`,
    );
    this.name = "ConfigError";
  }
}

const schema = z.strictObject({
  environment: value.oneOf("development", "production"),
  namespace: value.dnsLabel,
  namePrefix: value.dnsLabel,
  collection: value.oneOf("in-cluster", "none"),
  images: value.imagesByComponent,
  networkPolicies: value.bool,
  dnsAddresses: value.addressBlocks,
  apiServerAddresses: value.addressBlocks,
  readerNamespaces: value.namespaces,
  resourceQuota: value.bool,
  storageClass: value.parsed("the name of a StorageClass of the cluster", value.objectName),
  protectVolumes: value.bool,
  exposure: value.oneOf("NodePort", "Ingress", "LoadBalancer", "ClusterIP"),
  grafanaNodePort: value.nodePort,
  otlpGrpcNodePort: value.nodePort,
  otlpHttpNodePort: value.nodePort,
  grafanaUrl: value.url,
  grafanaApiUrl: value.optional(value.urlExpected, value.httpUrl),
  otlpHttpUrl: value.url,
  otlpGrpcUrl: value.url,
  ingressClassName: value.optional("the name of an IngressClass", value.objectName),
  ingressTlsSecret: value.optional("the name of a Secret", value.objectName),
  tlsSecret: value.optional("the name of a Secret", value.objectName),
  certificateIssuer: value.issuer,
  clientCaSecret: value.optional("the name of a Secret", value.objectName),
  teams: value.teams,
  collectorReplicas: value.wholeNumber(1, 50),
  collectorMaxReplicas: value.wholeNumber(0, 50),
  collectorQueueStorage: value.quantity,
  collectorCpuRequest: value.cpu,
  collectorCpuLimit: value.cpu,
  collectorMemory: value.quantity,
  clockAheadTolerance: value.duration,
  clockBehindTolerance: value.duration,
  keepContents: value.someOf(...contentKindNames),
  identity: value.oneOf("keep", "drop", "pseudonym"),
  attributeLength: value.wholeNumber(64, 65_536),
  resourceAttributes: value.attributeNames,
  labelValues: value.valuesByName,
  prometheusStorage: value.quantity,
  prometheusRetention: value.duration,
  prometheusOutOfOrderWindow: value.duration,
  prometheusAdminApi: value.bool,
  prometheusCpuRequest: value.cpu,
  prometheusCpuLimit: value.cpu,
  prometheusMemory: value.quantity,
  remoteWriteUrl: value.optional("a URL such as http://thanos-receive:19291/api/v1/receive", value.endpointUrl),
  remoteWriteOtlpUrl: value.optional("a URL such as http://thanos-receive:19291/api/v1/otlp", value.endpointUrl),
  remoteWriteQueryUrl: value.optional("a URL such as http://thanos-query:9090", value.endpointUrl),
  remoteWriteUser: z.string({ error: "expected a user name, or nothing" }),
  remoteWritePassword: z.string({ error: "expected a password, or nothing" }),
  remoteWriteBearerToken: z.string({ error: "expected a token, or nothing" }),
  remoteWriteCaCertificate: z.string({ error: "expected a certificate in PEM form, or nothing" }),
  loki: value.bool,
  lokiStorage: value.quantity,
  lokiRetention: value.duration,
  lokiCpuRequest: value.cpu,
  lokiCpuLimit: value.cpu,
  lokiMemory: value.quantity,
  tempo: value.bool,
  tempoStorage: value.quantity,
  tempoRetention: value.duration,
  tempoCpuRequest: value.cpu,
  tempoCpuLimit: value.cpu,
  tempoMemory: value.quantity,
  grafana: value.oneOf("in-cluster", "external", "none"),
  grafanaAdminUser: value.matching(
    "a user name of 1 to 64 letters, digits, dots, hyphens or underscores",
    /^[\w.-]{1,64}$/,
  ),
  grafanaAdminPassword: z.string({ error: "expected a password, or nothing to have one generated" }),
  grafanaDatabaseKey: value.optionalOneOf("generated", "public"),
  grafanaStorage: value.quantity,
  grafanaCpuRequest: value.cpu,
  grafanaCpuLimit: value.cpu,
  grafanaMemory: value.quantity,
  grafanaOidcName: value.matching("a name of 1 to 40 characters", /^.{1,40}$/),
  grafanaOidcClientId: value.optional("a client's id", (text) => text),
  grafanaOidcClientSecret: z.string({ error: "expected a client's secret, or nothing" }),
  grafanaOidcAuthUrl: value.optional("a URL such as https://login.example.com/authorize", value.anyUrl),
  grafanaOidcTokenUrl: value.optional("a URL such as https://login.example.com/token", value.anyUrl),
  grafanaOidcApiUrl: value.optional("a URL such as https://login.example.com/userinfo", value.anyUrl),
  grafanaOidcScopes: value.matching("scopes separated by spaces", /^[\w.:/ -]{1,400}$/),
  grafanaOidcRolePath: value.matching("a JMESPath expression that gives Viewer, Editor or Admin", /^.{1,1000}$/),
  grafanaReadyTimeout: value.duration,
  grafanaAuth: z.string({ error: "expected a service account token or user:password, or nothing" }),
  grafanaOrgId: value.wholeNumber(1, 1_000_000),
  grafanaFolderRole: value.optionalOneOf(...grafanaRoles),
  grafanaPeopleRole: value.optionalOneOf("Editor", "Admin"),
  grafanaTeamFolders: value.bool,
  grafanaFolderUid: value.matching("a folder uid of letters, digits, hyphens and underscores", /^[\w-]{1,40}$/),
  grafanaCaCertificate: z.string({ error: "expected a certificate in PEM form, or nothing" }),
  grafanaInsecureSkipVerify: value.bool,
  grafanaDataSourceUid: value.optional("the uid of a Prometheus data source", (text) =>
    /^[\w-]{1,40}$/.test(text) ? text : undefined,
  ),
  grafanaPrometheusUrl: value.optional("a URL such as https://prometheus.example.com", value.httpUrl),
  grafanaLokiUrl: value.optional("a URL such as https://loki.example.com", value.httpUrl),
  grafanaTempoUrl: value.optional("a URL such as https://tempo.example.com", value.httpUrl),
  backupSchedule: value.optional("five fields of cron such as 17 3 * * *", value.cronSchedule),
  backupKeep: value.wholeNumber(1, 1000),
  backupMaxAge: value.duration,
  backupStorageClass: value.optional("the name of a StorageClass of the cluster", value.objectName),
  prometheusBackupStorage: value.quantity,
  lokiBackupStorage: value.quantity,
  grafanaBackupStorage: value.quantity,
  language: value.oneOf("en", "zh-TW"),
  timeZone: value.timeZone,
  docsUrl: value.optional("a URL such as https://git.example.com/docs", (text) =>
    URL.canParse(text) ? text.replace(/\/$/, "") : undefined,
  ),
  rawRange: value.duration,
  minimumClientVersion: value.optional("a version such as 2.1.330", (text) =>
    /^\d{1,6}\.\d{1,6}\.\d{1,6}$/.test(text) ? text : undefined,
  ),
  plan: value.oneOf("api", "seats"),
  seats: value.wholeNumber(0, 1_000_000),
  seatPrice: value.optionalUsd,
  monthlyBudget: value.optionalUsd,
  dailyBudget: value.optionalUsd,
  teamMonthlyBudgets: value.usdByName,
  teamDailyBudgets: value.usdByName,
  userMonthlyBudget: value.optionalUsd,
  userDailyBudget: value.optionalUsd,
  budgetWarningPercent: value.wholeNumber(1, 99),
  alerts: value.bool,
  alertMinimumUsd: value.optionalUsd,
  workingHours: value.weeklyTime,
  alertEmails: value.emails,
  alertSlackUrl: value.optional("a URL such as https://hooks.slack.com/services/…", value.anyUrl),
  alertWebhookUrl: value.optional("a URL such as https://example.com/hook", value.anyUrl),
  alertPagerDutyKey: z.string({ error: "expected an integration key, or nothing" }),
  alertGroupBy: value.labelNames,
  alertGroupWait: value.duration,
  alertGroupInterval: value.duration,
  alertRepeatInterval: value.duration,
  alertMuteTimes: value.weeklyTimes,
  clientMetricsInterval: value.duration,
  clientLogsInterval: value.duration,
});

/** What an error must not print. */
export const secretKeys: ReadonlySet<string> = new Set([
  "grafanaAdminPassword",
  "grafanaAuth",
  "grafanaOidcClientSecret",
  "remoteWritePassword",
  "remoteWriteBearerToken",
  "alertSlackUrl",
  "alertWebhookUrl",
  "alertPagerDutyKey",
]);

/** A stack's configuration, validated. Durations are in seconds. */
export type StackConfig = Readonly<z.infer<typeof schema>>;

/** Every configuration key of the program; `Pulumi.yaml` declares the same. */
export const configKeys: readonly string[] = Object.keys(schema.shape);

/**
 * Validates the program's configuration.
 *
 * @param values every value of the program's own namespace, defaults of `Pulumi.yaml` included
 * @param encrypted keys whose value only stands for a secret that cannot be read here
 * @throws ConfigError naming all problems at once
 */
export function parseConfig(
  values: Readonly<Record<string, string>>,
  encrypted: ReadonlySet<string> = new Set(),
): StackConfig {
  const result = schema.safeParse(values);
  const issues = result.success ? [] : result.error.issues;
  const valid = validPart(values);
  const problems = [
    ...issues.flatMap((issue) => describe(issue, values, encrypted)),
    ...contradictions(valid),
    ...productionRefusals(valid),
  ];
  if (!result.success || problems.length > 0) {
    throw new ConfigError(problems);
  }
  return result.data;
}

/** What can be told of the configuration even if other values are refused. */
function validPart(values: Readonly<Record<string, string>>): Partial<StackConfig> {
  const entries = Object.entries(schema.shape).flatMap(([key, field]) => {
    const result = field.safeParse(values[key]);
    return result.success ? [[key, result.data] as const] : [];
  });
  return Object.fromEntries(entries);
}

function describe(
  issue: z.core.$ZodIssue,
  values: Readonly<Record<string, string>>,
  encrypted: ReadonlySet<string>,
): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${key}: no such key; ${suggestion(key)}`);
  }
  const key = String(issue.path[0]);
  if (encrypted.has(key)) {
    return [`${key}: found a secret that only the engine can read; expected plain text, set without --secret`];
  }
  const found = values[key];
  const shown = secretKeys.has(key) ? "a value that is kept secret" : `"${found ?? ""}"`;
  return [`${key}: ${found === undefined ? "is missing" : `found ${shown}`}; ${issue.message}`];
}

function suggestion(key: string): string {
  const lower = key.toLowerCase();
  const near = configKeys.filter((known) => {
    const candidate = known.toLowerCase();
    return candidate.startsWith(lower.slice(0, 8)) || candidate.endsWith(lower.slice(-8));
  });
  return near.length > 0 ? `did you mean ${near.join(" or ")}?` : "Pulumi.yaml lists all keys";
}
