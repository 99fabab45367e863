import { attributeChecks } from "./attributes";
import { Check, failed, ok, warning } from "./check";
import { EffectiveSettings, isYes, valueOf } from "./effective";
import { endpointChecks } from "./endpoints";
import { exporterKey, otlpPrefix, Signal, signals } from "./keys";
import { headerChecks } from "./headers";
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
  const value = valueOf(effective, enableKey);
  if (isYes(value)) {
    return ok("telemetry", `${enableKey} is ${value ?? ""}`);
  }
  const found = value === undefined ? "is not set" : `is "${value}"`;
  return failed("telemetry", `${enableKey} ${found}, so nothing is sent at all`, `Set ${enableKey} to "1".`);
}

function exporterCheck(effective: EffectiveSettings, signal: Signal): Check {
  const key = exporterKey(signal);
  const value = valueOf(effective, key);
  const found = value === undefined || value === "" ? "is not set" : `is "${value}"`;
  const exporters = exportersOf(effective, signal);
  const known = ["otlp", "console", ...(signal === "metrics" ? ["prometheus"] : [])];
  const unknown = exporters.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    return failed(
      `${signal} exporter`,
      `${key} names "${unknown}", and the client sends nothing then`,
      `Set ${key} to "otlp".`,
    );
  }
  if (signal === "traces") {
    return tracesCheck(effective, found, exporters.includes("otlp"));
  }
  if (exporters.includes("otlp")) {
    return ok(`${signal} exporter`, `${key} ${found}`);
  }
  const cure = `Set ${key} to "otlp".`;
  return signal === "metrics"
    ? failed("metrics exporter", `${key} ${found}, so no amounts are sent`, cure)
    : warning("logs exporter", `${key} ${found}, so no events are sent`, cure);
}

function tracesCheck(effective: EffectiveSettings, found: string, exported: boolean): Check {
  const wanted = isYes(valueOf(effective, tracesKey));
  const key = exporterKey("traces");
  if (wanted === exported) {
    return ok("traces exporter", wanted ? `${key} ${found}` : "traces are off; no amount depends on them");
  }
  return wanted
    ? warning(
        "traces exporter",
        `${tracesKey} is set but ${key} ${found}, so no traces are sent`,
        `Set ${key} to "otlp".`,
      )
    : warning(
        "traces exporter",
        `${key} ${found}, but without ${tracesKey} no traces are sent`,
        `Set ${tracesKey} to "1", or remove ${key}.`,
      );
}

function temporalityCheck(effective: EffectiveSettings): Check {
  const value = valueOf(effective, temporalityKey);
  const cure = `Set ${temporalityKey} to "delta".`;
  switch (value?.toLowerCase()) {
    case undefined:
    case "":
      return ok("temporality", "delta, the client's default");
    case "delta":
      return ok("temporality", "delta");
    case "lowmemory":
      return warning(
        "temporality",
        "lowmemory means delta for what is counted today, and cumulative for other kinds",
        cure,
      );
    case "cumulative":
      return failed("temporality", "cumulative: two clients of one session overwrite each other's totals", cure);
    default:
      return failed(
        "temporality",
        `"${value ?? ""}" is unknown, and the client silently sends cumulative totals`,
        cure,
      );
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
