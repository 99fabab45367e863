import { Check } from "./checks/check";
import { EffectiveSettings, Stated } from "./checks/effective";
import { shownValue } from "./checks/keys";

/** All that the doctor found. */
export interface Findings {
  readonly effective: EffectiveSettings;
  readonly checks: readonly Check[];
  /** Secrets that the report must not print. */
  readonly secrets: readonly string[];
}

const labels: Readonly<Record<Check["status"], string>> = { ok: "ok     ", warning: "warning", failed: "FAILED " };

/** The findings as lines of text. */
export function asText({ effective, checks, secrets }: Findings): string {
  const count = (status: Check["status"]) => checks.filter((check) => check.status === status).length;
  const lines = [
    "Settings that win on this machine:",
    ...[...effective.settings.values()].map(
      (setting) =>
        `  ${setting.key}=${shownValue(setting.key, setting.value)}  (${origin(setting)}${beaten(setting.key, setting.beaten)})`,
    ),
    ...(effective.headersHelper === undefined ? [] : [`  otelHeadersHelper  (${origin(effective.headersHelper)})`]),
    "",
    ...checks.flatMap(({ status, name, message, cure }) => [
      `${labels[status]}  ${name}: ${message}`,
      ...(cure === undefined || cure === "" ? [] : [`         ${cure}`]),
    ]),
    "",
    `${count("ok")} ok, ${count("warning")} warnings, ${count("failed")} failed`,
  ];
  return withoutSecrets(lines.join("\n"), secrets);
}

/** The findings for machines. */
export function asJson({ effective, checks, secrets }: Findings): string {
  const stated = (key: string, { value, source }: Stated) => ({
    value: shownValue(key, value),
    scope: source.scope,
    where: source.where,
  });
  const document = {
    ok: checks.every(({ status }) => status !== "failed"),
    settings: [...effective.settings.values()].map((setting) => ({
      key: setting.key,
      ...stated(setting.key, setting),
      beats: setting.beaten.map((other) => stated(setting.key, other)),
    })),
    ignored: effective.ignored.map((setting) => ({
      key: setting.key,
      ...stated(setting.key, setting),
      reason: setting.reason,
    })),
    headersHelper: effective.headersHelper && {
      scope: effective.headersHelper.source.scope,
      where: effective.headersHelper.source.where,
    },
    checks,
  };
  const hidden = (_: string, value: unknown): unknown =>
    typeof value === "string" ? withoutSecrets(value, secrets) : value;
  return JSON.stringify(document, hidden, 2);
}

function origin({ source }: Stated): string {
  return source.scope === "shell" ? "shell" : `${source.scope}: ${source.where}`;
}

function beaten(key: string, others: readonly Stated[]): string {
  const told = others.map((other) => `${other.source.scope} "${shownValue(key, other.value)}"`);
  return told.length === 0 ? "" : `; beats ${told.join(", ")}`;
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  // The longest first, or a part of it would stay.
  return [...secrets]
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, "(not shown)"), text);
}
