import { attributeChecks } from "./attributes";
import { Check, failed, ok, warning } from "./check";
import { EffectiveSettings, isYes, valueOf } from "./effective";
import { endpointChecks } from "./endpoints";
import { exporterKey, otlpPrefix, Signal, signals } from "./keys";
import { headerChecks } from "./headers";
import { limitChecks } from "./limits";
import { sourceChecks } from "./overrides";

const enableKey = "CLAUDE_CODE_ENABLE_TELEMETRY";
const tracesKey = "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA";
const temporalityKey = `${otlpPrefix}METRICS_TEMPORALITY_PREFERENCE`;
const sessionKey = "OTEL_METRICS_INCLUDE_SESSION_ID";

/** Everything about the settings that can be told without the network. */
export function settingsChecks(effective: EffectiveSettings): Check[] {
  return [
    enabledCheck(effective),
    ...signals.map((signal) => exporterCheck(effective, signal)),
    ...endpointChecks(effective),
    temporalityCheck(effective),
    sessionCheck(effective),
    ...attributeChecks(effective),
    ...limitChecks(effective),
    ...headerChecks(effective),
    ...sourceChecks(effective),
  ];
}

/** The exporters that are named for a signal. */
export function exportersOf(effective: EffectiveSettings, signal: Signal): string[] {
  const names = (valueOf(effective, exporterKey(signal)) ?? "").split(",").map((name) => name.trim());
  return names.filter((name) => name !== "" && name !== "none");
}

/** True if a client with these settings sends the signal anywhere. */
export function isExported(effective: EffectiveSettings, signal: Signal): boolean {
  return (
    isYes(valueOf(effective, enableKey)) &&
    exportersOf(effective, signal).includes("otlp") &&
    (signal !== "traces" || isYes(valueOf(effective, tracesKey)))
  );
}

function enabledCheck(effective: EffectiveSettings): Check {
  const told = stated(effective, enableKey);
  return isYes(valueOf(effective, enableKey))
    ? ok("telemetry", told)
    : failed("telemetry", `${told}, so nothing is sent at all`, `Set ${enableKey} to "1".`);
}

/** A key, and the value that it has. */
function stated(effective: EffectiveSettings, key: string): string {
  const value = valueOf(effective, key) ?? "";
  return value === "" ? `${key} is not set` : `${key} is "${value}"`;
}

function exporterCheck(effective: EffectiveSettings, signal: Signal): Check {
  const name = `${signal} exporter`;
  const key = exporterKey(signal);
  const told = stated(effective, key);
  const cure = `Set ${key} to "otlp".`;
  const exporters = exportersOf(effective, signal);
  const isExporter = exporters.includes("otlp");
  const known = ["otlp", "console", ...(signal === "metrics" ? ["prometheus"] : [])];
  const unknown = exporters.find((exporter) => !known.includes(exporter));
  if (unknown !== undefined) {
    return failed(name, `${key} names "${unknown}", and the client sends nothing then`, cure);
  }
  if (signal !== "traces" && isExporter) {
    return ok(name, told);
  }
  switch (signal) {
    case "metrics":
      return failed(name, `${told}, so no amounts are sent`, cure);
    case "logs":
      return warning(name, `${told}, so no events are sent`, cure);
    case "traces":
      return tracesCheck(isYes(valueOf(effective, tracesKey)), isExporter, told, cure);
  }
}

function tracesCheck(wanted: boolean, isExporter: boolean, told: string, cure: string): Check {
  const name = "traces exporter";
  if (wanted && !isExporter) {
    return warning(name, `${tracesKey} is set but ${told}, so no traces are sent`, cure);
  }
  if (isExporter && !wanted) {
    const remedy = `Set ${tracesKey} to "1", or remove ${exporterKey("traces")}.`;
    return warning(name, `${told}, but without ${tracesKey} no traces are sent`, remedy);
  }
  return ok(name, wanted ? told : "traces are off; no amount depends on them");
}

function temporalityCheck(effective: EffectiveSettings): Check {
  const name = "temporality";
  const value = valueOf(effective, temporalityKey) ?? "";
  const cure = `Set ${temporalityKey} to "delta".`;
  switch (value.toLowerCase()) {
    case "":
      return ok(name, "delta, the client's default");
    case "delta":
      return ok(name, "delta");
    case "lowmemory":
      return warning(name, "lowmemory means delta for what is counted today, and cumulative for other kinds", cure);
    case "cumulative":
      return failed(name, "cumulative: two clients of one session overwrite each other's totals", cure);
    default:
      return failed(name, `"${value}" is unknown, and the client silently sends cumulative totals`, cure);
  }
}

function sessionCheck(effective: EffectiveSettings): Check {
  const value = valueOf(effective, sessionKey);
  if (value === undefined || isYes(value)) {
    return ok("session id", "on every metric");
  }
  const message = `${sessionKey} is "${value}": sessions of one user overwrite each other's amounts`;
  return failed("session id", message, `Set ${sessionKey} to "true".`);
}
