import { z } from "zod";

import * as alerting from "./alerting";
import * as backup from "./backup";
import * as bill from "./bill";
import * as budgets from "./budgets";
import * as client from "./client";
import * as collection from "./collection";
import * as dashboards from "./dashboards";
import * as exposure from "./exposure";
import * as folders from "./folders";
import * as general from "./general";
import * as grafana from "./grafana";
import * as network from "./network";
import { type ConfigOrigin, plainSecrets, unnamedCluster } from "./origin";
import { formatPath, isObject, valueAt, withoutValues } from "./paths";
import * as prices from "./prices";
import * as privacy from "./privacy";
import * as remoteWrite from "./remote-write";
import { placeNow } from "./renamed";
import { settingsOf, similarPaths } from "./settings";
import * as report from "./report";
import * as signIn from "./sign-in";
import * as storage from "./storage";
import * as teams from "./teams";

const schema = z.strictObject({
  ...general.schema,
  ...exposure.schema,
  ...teams.schema,
  ...collection.schema,
  ...privacy.schema,
  ...storage.schema,
  ...remoteWrite.schema,
  ...grafana.schema,
  ...signIn.schema,
  ...folders.schema,
  ...dashboards.schema,
  ...budgets.schema,
  ...prices.schema,
  ...bill.schema,
  ...report.schema,
  ...alerting.schema,
  ...backup.schema,
  ...network.schema,
  ...client.schema,
});

/** A stack's configuration, validated. Durations are in seconds. */
export type StackConfig = Readonly<z.output<typeof schema>>;

/** A part of the configuration. */
export interface Feature {
  /** Heading of its section in the documentation. */
  readonly title: string;
  readonly schema: z.ZodRawShape;
  /** Contradictions between values that are right by themselves. */
  readonly contradictions?: (config: StackConfig) => string[];
  /** Values that `environment: production` refuses. */
  readonly productionRefusals?: (config: StackConfig) => string[];
}

/** All of the configuration, in the order of its documentation. */
export const features: readonly Feature[] = [
  general,
  exposure,
  teams,
  collection,
  privacy,
  storage,
  remoteWrite,
  grafana,
  signIn,
  folders,
  dashboards,
  budgets,
  prices,
  bill,
  report,
  alerting,
  backup,
  network,
  client,
];

/** Every setting. */
export const settings = settingsOf(schema);
const paths = settings.map(({ path }) => path);

/** Paths of the settings whose values are secrets. */
export const secretPaths: ReadonlySet<string> = new Set(
  settings.filter(({ secret }) => secret).map(({ path }) => path),
);

/** Thrown for configuration that cannot be deployed; its message lists every problem, each with its path. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(
      `The stack's configuration has ${problems.length} problem(s):\n${problems.map((p) => `  - ${p}`).join("\n")}`,
    );
    this.name = "ConfigError";
  }
}

/**
 * Validates the program's configuration.
 *
 * @param given every value of the program's own namespace, by key; objects and lists as such or as JSON
 * @throws ConfigError naming all problems at once
 */
export function parseConfig(given: Readonly<Record<string, unknown>>, origin: ConfigOrigin = {}): StackConfig {
  const values = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, fromJson(value)]));
  const result = schema.safeParse(values);
  if (result.success) {
    const problems = crossChecks(result.data, origin);
    if (problems.length > 0) {
      throw new ConfigError(problems);
    }
    return result.data;
  }
  const refused = result.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
  );
  // The other checks run as well, without the refused values and all that depends on them.
  const rest = schema.parse(withoutValues(values, refused));
  const environment = refused.some(([key]) => key === "environment") ? "development" : rest.environment;
  const unrelated = crossChecks({ ...rest, environment }, origin).filter(
    (problem) => !refused.some((path) => isNamed(path, problem)),
  );
  throw new ConfigError([...result.error.issues.flatMap((issue) => describe(issue, values, origin)), ...unrelated]);
}

/** Pulumi hands objects and lists over as JSON. */
function fromJson(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) {
    return value;
  }
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function crossChecks(config: StackConfig, origin: ConfigOrigin): string[] {
  const contradictions = features.flatMap((feature) => feature.contradictions?.(config) ?? []);
  return config.environment === "production"
    ? [
        ...contradictions,
        ...features.flatMap((feature) => feature.productionRefusals?.(config) ?? []),
        ...plainSecrets(config, origin),
        ...unnamedCluster(config, origin),
      ]
    : contradictions;
}

/** True if a problem names a path or a part of its value; a list counts as a whole. */
function isNamed(path: readonly PropertyKey[], problem: string): boolean {
  const index = path.findIndex((segment) => typeof segment === "number");
  const name = formatPath(index < 0 ? path : path.slice(0, index));
  return problem.split(/[\s,;:]+/).some((word) => word === name || word.startsWith(`${name}.`));
}

function describe(issue: z.core.$ZodIssue, values: unknown, origin: ConfigOrigin): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey([...issue.path, key]));
  }
  // A single value may stand for keys, as a team's name does.
  const parent = issue.path.slice(0, -1);
  const at = isScalar(valueAt(values, parent)) ? parent : issue.path;
  const path = formatPath(at);
  const found = valueAt(values, at);
  if (origin.unreadable?.has(path) === true) {
    return [`${path}: found a secret that only the engine can read; expected plain text, set without --secret`];
  }
  const now = placeNow(path, paths);
  if (now !== undefined && !isObject(found)) {
    return [moved(path, now)];
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map(({ message }) => `${path}: found this key; ${message}`);
  }
  if (issue.code === "custom" && issue.params !== undefined) {
    return [`${path}: found ${String(issue.params["found"])}; ${issue.message}`];
  }
  const kept = secretPaths.has(path) || origin.encrypted?.has(String(at[0])) === true;
  // Where keys are expected, some may be for secrets.
  const keysExpected = issue.code === "invalid_type" && issue.expected !== "array";
  const scalar = kept ? "a value that is kept secret" : keysExpected ? "a single value" : `"${String(found)}"`;
  const kind = isScalar(found) ? scalar : Array.isArray(found) ? "a list" : "keys";
  return [`${path}: ${found === undefined ? "is missing" : `found ${kind}`}; ${issue.message}`];
}

function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function unknownKey(path: readonly PropertyKey[]): string {
  const name = formatPath(path);
  const now = placeNow(name, paths);
  if (now !== undefined) {
    return moved(name, now);
  }
  const similar = similarPaths(name, paths);
  const hint = similar.length > 0 ? `did you mean ${similar.join(" or ")}?` : "docs/configuration.md lists all keys";
  return `${name}: no such key; ${hint}`;
}

function moved(name: string, now: string): string {
  return `${name}: is called ${now} now; move its value there`;
}
