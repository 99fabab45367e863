import { z } from "zod";

import { durationSeconds, parseCpu, parseQuantity } from "./components/units";

/** Thrown for configuration that cannot be deployed; its message lists every problem, each with its key. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(
      `The stack's configuration has ${problems.length} problem(s):\n${problems.map((p) => `  - ${p}`).join("\n")}`,
    );
    this.name = "ConfigError";
  }
}

/** A value that `parse` understands; `expected` completes the sentence "expected …". */
function parsed<T>(expected: string, parse: (text: string) => T | undefined) {
  return z.string({ error: `expected ${expected}` }).transform((text, context): T => {
    const value = parse(text);
    if (value === undefined) {
      context.addIssue({ code: "custom", message: `expected ${expected}` });
      return z.NEVER;
    }
    return value;
  });
}

/** The same, where an empty text stands for no value. */
function optional(expected: string, parse: (text: string) => string | undefined) {
  return parsed(`${expected}, or nothing`, (text) => (text === "" ? "" : parse(text))).transform(
    (text) => text || undefined,
  );
}

function matching(expected: string, pattern: RegExp) {
  return parsed(expected, (text) => whole(pattern, text));
}

function whole(pattern: RegExp, text: string): string | undefined {
  return pattern.test(text) ? text : undefined;
}

function objectName(text: string): string | undefined {
  return whole(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/, text);
}

function oneOf<const T extends string>(...choices: readonly T[]) {
  return parsed(`one of ${choices.join(", ")}`, (text) => choices.find((choice) => choice === text));
}

function wholeNumber(from: number, to: number) {
  return parsed(`a whole number from ${from} to ${to}`, (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return value >= from && value <= to ? value : undefined;
  });
}

function httpUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === "/" && !/[?#@]/.test(text);
  return plain ? text.replace(/\/$/, "") : undefined;
}

const duration = parsed("a duration such as 90s, 24h or 15d", durationSeconds);
const quantity = parsed("a quantity such as 512Mi or 10Gi", parseQuantity);
const cpu = parsed("a CPU quantity such as 250m or 2", parseCpu);
const urlExpected = "a URL such as https://grafana.example.com, without path";
const url = parsed(urlExpected, httpUrl);
const nodePort = wholeNumber(30000, 32767);
const bool = parsed("true or false", (text) => (text === "true" ? true : text === "false" ? false : undefined));
const dnsLabel = matching(
  "a DNS label: lower-case letters, digits and hyphens, at most 40, first a letter",
  /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
);

const schema = z.strictObject({
  environment: oneOf("development", "production"),
  namespace: dnsLabel,
  namePrefix: dnsLabel,
  storageClass: parsed("the name of a StorageClass of the cluster", objectName),
  protectVolumes: bool,
  exposure: oneOf("NodePort", "Ingress", "ClusterIP"),
  grafanaNodePort: nodePort,
  otlpGrpcNodePort: nodePort,
  otlpHttpNodePort: nodePort,
  grafanaUrl: url,
  grafanaApiUrl: optional(urlExpected, httpUrl),
  otlpHttpUrl: url,
  otlpGrpcUrl: url,
  ingressClassName: optional("the name of an IngressClass", objectName),
  ingressTlsSecret: optional("the name of a Secret", objectName),
  collectorReplicas: wholeNumber(1, 50),
  collectorQueueStorage: quantity,
  collectorCpuRequest: cpu,
  collectorCpuLimit: cpu,
  collectorMemory: quantity,
  clockAheadTolerance: duration,
  clockBehindTolerance: duration,
  prometheusStorage: quantity,
  prometheusRetention: duration,
  prometheusOutOfOrderWindow: duration,
  prometheusCpuRequest: cpu,
  prometheusCpuLimit: cpu,
  prometheusMemory: quantity,
  grafana: oneOf("in-cluster", "none"),
  grafanaAdminUser: matching("a user name of 1 to 64 letters, digits, dots, hyphens or underscores", /^[\w.-]{1,64}$/),
  grafanaAdminPassword: z.string({ error: "expected a password, or nothing to have one generated" }),
  grafanaStorage: quantity,
  grafanaCpuRequest: cpu,
  grafanaCpuLimit: cpu,
  grafanaMemory: quantity,
  grafanaReadyTimeout: duration,
  clientMetricsInterval: duration,
  clientLogsInterval: duration,
});

/** A stack's configuration, validated. Durations are in seconds. */
export type StackConfig = Readonly<z.infer<typeof schema>>;

/** Every configuration key of the program; `Pulumi.yaml` declares the same. */
export const configKeys: readonly string[] = Object.keys(schema.shape);

const minimumPasswordLength = 12;
const defaultPasswords: ReadonlySet<string> = new Set(["admin", "administrator", "password", "grafana", "changeme"]);

/**
 * Validates the program's configuration.
 *
 * @param values every value of the program's own namespace, defaults of `Pulumi.yaml` included
 * @throws ConfigError naming all problems at once
 */
export function parseConfig(values: Readonly<Record<string, string>>): StackConfig {
  const result = schema.safeParse(values);
  const issues = result.success ? [] : result.error.issues;
  const valid = validPart(values);
  const problems = [
    ...issues.flatMap((issue) => describe(issue, values)),
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

function describe(issue: z.core.$ZodIssue, values: Readonly<Record<string, string>>): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${key}: no such key; ${suggestion(key)}`);
  }
  const key = String(issue.path[0]);
  const value = values[key];
  return [`${key}: ${value === undefined ? "is missing" : `found "${value}"`}; ${issue.message}`];
}

function suggestion(key: string): string {
  const lower = key.toLowerCase();
  const near = configKeys.filter((known) => {
    const candidate = known.toLowerCase();
    return candidate.startsWith(lower.slice(0, 8)) || candidate.endsWith(lower.slice(-8));
  });
  return near.length > 0 ? `did you mean ${near.join(" or ")}?` : "Pulumi.yaml lists all keys";
}

function contradictions(config: Partial<StackConfig>): string[] {
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
  for (const component of ["collector", "prometheus", "grafana"] as const) {
    const request = config[`${component}CpuRequest`];
    const limit = config[`${component}CpuLimit`];
    if (request !== undefined && limit !== undefined && request.cores > limit.cores) {
      problems.push(
        `${component}CpuRequest: found "${request.text}"; expected at most ${component}CpuLimit, "${limit.text}"`,
      );
    }
  }
  return problems;
}

function productionRefusals(config: Partial<StackConfig>): string[] {
  if (config.environment !== "production") {
    return [];
  }
  const problems: string[] = [];
  if (config.grafanaAdminPassword !== undefined && isWeak(config.grafanaAdminPassword)) {
    problems.push(
      "grafanaAdminPassword: found a default or short password; in production expected nothing (one is generated) or at " +
        `least ${minimumPasswordLength} characters set with pulumi config set --secret`,
    );
  }
  if (config.exposure === "NodePort") {
    problems.push('exposure: found "NodePort"; in production expected Ingress or ClusterIP');
  }
  return problems;
}

/** An empty password is not weak: it is replaced by a generated one. */
function isWeak(password: string): boolean {
  const short = password !== "" && password.length < minimumPasswordLength;
  return short || defaultPasswords.has(password.toLowerCase());
}
