import { exec } from "node:child_process";

import { Check, failed, ok, warning } from "./check";
import { EffectiveSettings, ofProject, Stated, valueOf } from "./effective";
import { destinations } from "./endpoints";
import { decoded, otlpPrefix, Protocol, Signal, signalKey, signals } from "./keys";
import { isRecord, parseJson } from "../sources";

/** Headers by name; names are in lower case. */
export type Headers = Readonly<Record<string, string>>;

const generalKey = `${otlpPrefix}HEADERS`;
const helperName = "headers helper";
/** After this the client gives the helper up, in milliseconds. */
const helperTimeoutMs = 30_000;

/** Mistakes in the headers of settings. Their values are never printed. */
export function headerChecks(effective: EffectiveSettings): Check[] {
  const isMalformed = (entry: string) => !/^(\s*|[^=]*[^=\s][^=]*=.*)$/s.test(entry);
  const checks = [generalKey, ...signals.map((signal) => signalKey(signal, "HEADERS"))]
    .filter((key) => (valueOf(effective, key) ?? "").split(",").some(isMalformed))
    .map((key) => {
      const message = `${key} has an entry that is no name=value, which is left out`;
      return failed("headers", message, "Write name=value, with commas between.");
    });
  const overHttp = destinations(effective).some(({ protocol }) => protocol !== "grpc");
  if (overHttp && /%[0-9a-f]{2}/i.test(valueOf(effective, generalKey) ?? "")) {
    const message = `${generalKey} has percent codes, which the client sends as they are over HTTP (over gRPC it decodes them)`;
    const cure = `Write the characters themselves, or use ${signalKey("metrics", "HEADERS")} and its like, which are decoded.`;
    checks.push(warning("headers", message, cure));
  }
  return checks;
}

/** The headers that the client would send with a signal. */
export function headersFor(effective: EffectiveSettings, signal: Signal, protocol: Protocol, helper: Headers): Headers {
  const own = parse(valueOf(effective, signalKey(signal, "HEADERS")), true);
  const general = valueOf(effective, generalKey);
  // As seen with client 2.1.330: over HTTP the general headers are not decoded, and beat the signal's own.
  return protocol === "grpc" ? { ...parse(general, true), ...own } : { ...own, ...parse(general, false), ...helper };
}

function parse(text: string | undefined, isDecoded: boolean): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const entry of (text ?? "").split(",")) {
    const at = entry.indexOf("=");
    const name = entry.slice(0, at).trim().toLowerCase();
    if (at > 0 && name !== "") {
      const value = entry.slice(at + 1).trim();
      headers[name] = isDecoded ? (decoded(value) ?? value) : value;
    }
  }
  return headers;
}

/**
 * Runs the headers helper, as the client does before it exports over HTTP.
 *
 * One that a project names is not run: the client runs it only in folders that its user trusts.
 */
export async function helperHeaders(
  helper: Stated | undefined,
  overHttp: boolean,
  timeoutMs = helperTimeoutMs,
): Promise<{ headers: Headers; checks: Check[] }> {
  if (helper === undefined) {
    return { headers: {}, checks: [] };
  }
  const { where } = helper.source;
  const unused = (why: string, cure: string) => ({
    headers: {},
    checks: [warning(helperName, `${where} names one${why}`, cure)],
  });
  if (!overHttp) {
    const cure = `Use http/protobuf, or write the headers into ${generalKey}.`;
    return unused(", but over gRPC the client ignores it", cure);
  }
  if (ofProject(helper.source)) {
    const cure = "Look at the command; if you trust it, name it in your own settings.";
    return unused("; a project's command is not run here", cure);
  }
  const outcome = await runHelper(helper.value, timeoutMs);
  if (typeof outcome === "string") {
    const message = `the command in ${where} ${outcome}, and the client exports nothing then`;
    const cure = `Run it by hand and correct it: it has to print a JSON object such as {"Authorization": "Bearer …"}.`;
    return { headers: {}, checks: [failed(helperName, message, cure)] };
  }
  const names = Object.keys(outcome).join(", ");
  return { headers: outcome, checks: [ok(helperName, `gives ${names === "" ? "no headers" : names}`)] };
}

/** The headers, or what went wrong. Nothing of what the command prints is told: it may hold a secret. */
function runHelper(command: string, timeoutMs: number): Promise<Headers | string> {
  return new Promise((resolve) => {
    exec(command, { timeout: timeoutMs, windowsHide: true }, (error, stdout) => {
      if (error !== null) {
        const ended = typeof error.code === "number" ? `ended with status ${error.code}` : "could not be started";
        resolve(error.killed ? `did not end within ${timeoutMs / 1000} s` : ended);
        return;
      }
      const printed = parseJson(stdout);
      if (!isRecord(printed)) {
        resolve("prints no JSON object");
        return;
      }
      const entries = Object.entries(printed);
      const wrong = entries.find(([, value]) => typeof value !== "string");
      const headers = Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
      resolve(wrong === undefined ? headers : `gives no text for ${wrong[0]}`);
    });
  });
}
