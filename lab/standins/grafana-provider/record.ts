import * as fs from "node:fs";

import { isObject } from "./values";

/** Variable that names the file which every call is recorded in, one JSON object a line. */
export const recordVariable = "CLAUDE_MONITORING_GRAFANA_STANDIN_LOG";

/** The ways of a contact point as a whole: a webhook's URL is its credential. */
const secretName =
  /^auth$|token|secret|secure|headers|password|tlskey|^(slacks|teams|webhooks|pagerduties|opsgenies)$/i;

/** Appends entries to the file that {@link recordVariable} names; does nothing if it is not set. */
export function record(entry: Readonly<Record<string, unknown>>): void {
  const file = process.env[recordVariable];
  if (file !== undefined && file !== "") {
    fs.appendFileSync(file, `${JSON.stringify(masked({ time: new Date().toISOString(), ...entry }))}\n`);
  }
}

/** Secrets are told by name: by the time they are here, the engine has revealed them. */
function masked(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(masked);
  }
  if (!isObject(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, secretName.test(name) ? "[secret]" : masked(part)]),
  );
}
