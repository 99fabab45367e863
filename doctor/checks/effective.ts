import { concernsTelemetry, handedOutWhole, ignoredInProjects, otlpPrefix, signalKey, signals } from "./keys";
import { scopes, Source } from "../sources";

/** A value and where it stands. */
export interface Stated {
  readonly value: string;
  readonly source: Source;
}

/** The value of one key that Claude Code goes by. */
export interface Setting extends Stated {
  readonly key: string;
  /** Other values of the same key that lose, the strongest first. */
  readonly beaten: readonly Stated[];
}

/** A value that Claude Code does not look at. */
interface IgnoredSetting extends Stated {
  readonly key: string;
  readonly reason: string;
}

/** Settings in effect, as Claude Code merges all sources. */
export interface EffectiveSettings {
  /** By key; keys that telemetry does not depend on are left out. */
  readonly settings: ReadonlyMap<string, Setting>;
  readonly ignored: readonly IgnoredSetting[];
  /** The command that prints headers. */
  readonly headersHelper: Stated | undefined;
}

/** Client certificates and headers belong to an endpoint: who states them keeps others from naming another endpoint. */
const boundToEndpoint: readonly string[] = ["HEADERS", "CLIENT_KEY", "CLIENT_CERTIFICATE"];

/**
 * Winner of each key: server beats managed beats local beats project beats user beats shell. Some keys are closed to
 * projects; others come as a whole from the server or from managed files.
 */
export function effectiveSettings(sources: readonly Source[]): EffectiveSettings {
  // Of the managed files, the last one wins.
  const strongestFirst = scopes.flatMap((scope) => sources.filter((source) => source.scope === scope)).reverse();
  const ignored: IgnoredSetting[] = [];
  const stated = new Map<string, Stated[]>();
  for (const source of strongestFirst) {
    for (const [key, value] of Object.entries(source.env).filter(([name]) => concernsTelemetry(name))) {
      const reason = whyIgnored(key, value, source, sources);
      if (reason === undefined) {
        stated.set(key, [...(stated.get(key) ?? []), { value, source }]);
      } else {
        ignored.push({ key, value, source, reason });
      }
    }
  }
  const settings = new Map<string, Setting>();
  for (const [key, [winner, ...beaten]] of [...stated].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (winner !== undefined) {
      settings.set(key, { key, ...winner, beaten });
    }
  }
  const [headersHelper] = strongestFirst.flatMap((source) =>
    source.headersHelper === undefined ? [] : [{ value: source.headersHelper, source }],
  );
  ignored.push(...dropOvertaken(settings, headersHelper));
  return { settings, ignored, headersHelper };
}

/** The value of a key, or undefined if it is not set. */
export function valueOf({ settings }: EffectiveSettings, key: string): string | undefined {
  return settings.get(key)?.value;
}

/** The value of the first of the keys that is set and not empty. */
export function firstOf(effective: EffectiveSettings, ...keys: readonly string[]): string | undefined {
  return keys.map((key) => valueOf(effective, key)).find((value) => value !== undefined && value.trim() !== "");
}

/** True for a value that the client takes for yes. */
export function isYes(value: string | undefined): boolean {
  return ["1", "true", "yes", "on"].includes((value ?? "").toLowerCase().trim());
}

/** True for a source that a repository may hold. */
export function ofProject({ scope }: Source): boolean {
  return scope === "project" || scope === "local";
}

/** True for settings that an organisation hands out. */
function isManaged({ scope }: Source): boolean {
  return scope === "managed" || scope === "server";
}

/** True for a source that names where telemetry goes or what it holds: no weaker managed one adds to that. */
function claimsTelemetry({ env, headersHelper }: Source): boolean {
  const stated = Object.entries(env).some(([key, value]) => handedOutWhole(key) && value.trim() !== "");
  return stated || headersHelper !== undefined;
}

function whyIgnored(key: string, value: string, source: Source, sources: readonly Source[]): string | undefined {
  const claimed = sources.some((other) => other.scope === "server" && claimsTelemetry(other));
  if (claimed && source.scope === "managed" && handedOutWhole(key)) {
    return "settings from the server have a part of it, and endpoint, headers and contents come from one source as a whole";
  }
  const setAbove = sources.some((other) => !ofProject(other) && other.env[key] !== undefined);
  const isIgnored = ofProject(source) && ignoredInProjects(key, value, setAbove);
  return isIgnored ? "a project's settings cannot set it" : undefined;
}

/**
 * Removes settings that managed settings overrule although their keys differ. They are a signal's own endpoint beside a
 * managed endpoint for all signals, and any endpoint beside managed headers.
 */
function dropOvertaken(settings: Map<string, Setting>, helper: Stated | undefined): IgnoredSetting[] {
  const dropped: IgnoredSetting[] = [];
  const dropAll = (keys: readonly string[], claimedBy: string): void => {
    for (const setting of keys.flatMap((key) => settings.get(key) ?? [])) {
      if (!isManaged(setting.source)) {
        settings.delete(setting.key);
        dropped.push({ ...setting, reason: `managed settings have ${claimedBy}` });
      }
    }
  };
  const ownKeys = (part: string) => signals.map((signal) => signalKey(signal, part));
  const endpoints = [`${otlpPrefix}ENDPOINT`, ...ownKeys("ENDPOINT")];
  if (helper !== undefined && isManaged(helper.source)) {
    dropAll(endpoints, "otelHeadersHelper");
  }
  for (const { key, value, source } of [...settings.values()]) {
    if (!isManaged(source) || !key.startsWith(otlpPrefix) || value.trim() === "") {
      continue;
    }
    const owner = signals.find((signal) => key.startsWith(signalKey(signal, "")));
    const part = key.slice((owner === undefined ? otlpPrefix : signalKey(owner, "")).length);
    if (owner === undefined) {
      dropAll(ownKeys(part), key);
    }
    if (boundToEndpoint.includes(part)) {
      dropAll(owner === undefined ? endpoints : [signalKey(owner, "ENDPOINT")], key);
    }
  }
  return dropped;
}
