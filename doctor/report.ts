import { Check } from "./checks/check";
import { EffectiveSettings, Setting, Stated } from "./checks/effective";
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
    ...[...effective.settings.values()].map(settingLine),
    ...(effective.headersHelper === undefined
      ? []
      : [`  otelHeadersHelper  (${shownOrigin(effective.headersHelper)})`]),
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
  const origin = ({ source: { scope, where } }: Stated) => ({ scope, where });
  const stated = (key: string, one: Stated) => ({ value: shownValue(key, one.value), ...origin(one) });
  const document = {
    ok: checks.every(({ status }) => status !== "failed"),
    settings: [...effective.settings.values()].map((setting) => {
      const { key, beaten } = setting;
      return { key, ...stated(key, setting), beats: beaten.map((other) => stated(key, other)) };
    }),
    ignored: effective.ignored.map((setting) => {
      const { key, reason } = setting;
      return { key, ...stated(key, setting), reason };
    }),
    headersHelper: effective.headersHelper && origin(effective.headersHelper),
    checks,
  };
  const hidden = (_: string, value: unknown): unknown =>
    typeof value === "string" ? withoutSecrets(value, secrets) : value;
  return JSON.stringify(document, hidden, 2);
}

function settingLine(setting: Setting): string {
  const { key, value } = setting;
  const others = setting.beaten.map((other) => `${other.source.scope} "${shownValue(key, other.value)}"`);
  const beats = others.length === 0 ? "" : `; beats ${others.join(", ")}`;
  return `  ${key}=${shownValue(key, value)}  (${shownOrigin(setting)}${beats})`;
}

function shownOrigin({ source }: Stated): string {
  return source.scope === "shell" ? "shell" : `${source.scope}: ${source.where}`;
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  // The longest first, or a part of it would stay.
  return [...secrets]
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, "(not shown)"), text);
}
