import * as crypto from "node:crypto";
import { isDeepStrictEqual } from "node:util";

import { Check, distinct, failureOf, FailedCheck, ok, warning } from "../checks/check";
import { clockCheck, TimeAnswer } from "../checks/clock";
import { EffectiveSettings } from "../checks/effective";
import { Destination } from "../checks/endpoints";
import { exportOverGrpc } from "./grpc-export";
import { Headers, headersFor } from "../checks/headers";
import { Answer, exportOverHttp } from "./http-export";
import { hostOf, portOf, Signal, withoutCredentials } from "../checks/keys";
import { emptyExport, markedExport } from "./marked-export";
import { isExported } from "../checks/mistakes";
import { findInPrometheus } from "../checks/prometheus";
import { proxyFor } from "../checks/proxy";
import { openSocket, Route } from "./socket";
import { Trust } from "../checks/trust";

/** Inputs of the network checks. */
export interface Probe {
  readonly effective: EffectiveSettings;
  /** Headers from the headers helper. */
  readonly helper: Headers;
  readonly trust: Trust;
  /** For each step, in milliseconds. */
  readonly timeoutMs: number;
  /** Search for the marked export: address and time limit. */
  readonly prometheus: { readonly url: string; readonly waitMs: number } | undefined;
}

interface Outcome {
  readonly destination: Destination;
  readonly steps: readonly Check[];
  readonly failure: Check | undefined;
  readonly headers: Headers;
  readonly time: TimeAnswer | undefined;
}

/** Everything that only the network can tell; the last of it is one marked export. */
export async function networkChecks(probe: Probe, all: readonly Destination[]): Promise<Check[]> {
  const outcomes = await Promise.all(all.map(async (destination) => ask(probe, destination)));
  const checks = distinct(outcomes.flatMap(({ steps }) => steps));
  checks.push(...failureChecks(probe, outcomes));
  const answered = outcomes.filter(({ failure }) => failure === undefined);
  checks.push(...credentialChecks(answered));
  checks.push(...answered.map(({ destination }) => ok(destination.signal, `${shown(destination)} accepts exports`)));
  let time = outcomes.find((outcome) => outcome.time !== undefined)?.time;
  const metrics = answered.find(({ destination }) => destination.signal === "metrics");
  if (metrics !== undefined) {
    const marked = await sendMarked(probe, metrics.destination);
    checks.push(...marked.checks);
    time ??= marked.time;
  }
  if (answered.length > 0 || time !== undefined) {
    checks.push(clockCheck(time));
  }
  return checks;
}

/** Connects and sends an export without content. */
async function ask(probe: Probe, destination: Destination): Promise<Outcome> {
  const { signal, protocol } = destination;
  const headers = headersFor(probe.effective, signal, protocol, probe.helper);
  const steps: Check[] = [];
  const result = { destination, steps, headers };
  try {
    const sentMs = Date.now();
    const { refusal, date } = await send(probe, destination, steps, emptyExport(signal, protocol));
    const time = date === undefined ? undefined : { date, localMs: (sentMs + Date.now()) / 2 };
    return { ...result, failure: refusal, time };
  } catch (error) {
    return { ...result, failure: failureOf(error, signal), time: undefined };
  }
}

async function send(probe: Probe, destination: Destination, steps: Check[], body: Buffer): Promise<Answer> {
  const { effective, helper, trust, timeoutMs } = probe;
  const { signal, protocol, url } = destination;
  const secure = url.protocol === "https:" ? trust.of(destination) : undefined;
  steps.push(...(secure?.checks ?? []));
  const { key, proxy, reason } = proxyFor(effective, destination);
  if (key !== undefined && reason !== undefined) {
    steps.push(ok("proxy", `${key} is set but not used: ${reason}`));
  }
  const route: Route = {
    host: hostOf(url),
    port: portOf(url),
    tls: secure?.context,
    proxy,
    alpn: protocol === "grpc" ? "h2" : "http/1.1",
    timeoutMs,
  };
  const { socket, steps: taken } = await openSocket(route).catch((error: unknown) => {
    throw proxy === undefined || key === undefined ? error : throughProxy(error, key);
  });
  steps.push(...taken);
  const request = { signal, url, headers: headersFor(effective, signal, protocol, helper), body, timeoutMs };
  return protocol === "grpc"
    ? exportOverGrpc(socket, request)
    : exportOverHttp(socket, request, protocol === "http/json" ? "application/json" : "application/x-protobuf");
}

/** Names the variable, without which nobody would look at the proxy. */
function throughProxy(error: unknown, key: string): unknown {
  if (!(error instanceof FailedCheck)) {
    return error;
  }
  const { name, message, cure = "" } = error.check;
  return new FailedCheck(name, `${message} (through the proxy of ${key})`, cure);
}

/** Failures, each once. A failure that blocks no signal that the client exports is no failure of the client. */
function failureChecks({ effective }: Probe, outcomes: readonly Outcome[]): Check[] {
  const failures = outcomes.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  return distinct(failures).map((failure) => {
    const concerned = outcomes
      .filter((outcome) => isDeepStrictEqual(outcome.failure, failure))
      .map(({ destination }) => destination.signal);
    return concerned.some((signal) => isExported(effective, signal))
      ? failure
      : warning(failure.name, `${failure.message} (now no ${concerned.join(", ")} are exported)`, failure.cure ?? "");
  });
}

function credentialChecks(answered: readonly Outcome[]): Check[] {
  if (answered.length === 0) {
    return [];
  }
  const names = [...new Set(answered.flatMap(({ headers }) => Object.keys(headers)))].join(", ");
  return [ok("credential", names === "" ? "none is sent, and none is asked for" : `accepted, with ${names}`)];
}

async function sendMarked(probe: Probe, destination: Destination): Promise<{ checks: Check[]; time?: TimeAnswer }> {
  const id = crypto.randomUUID();
  const sentMs = Date.now();
  try {
    const { refusal } = await send(probe, destination, [], markedExport(id, sentMs, destination.protocol));
    if (refusal !== undefined) {
      return { checks: [refusal] };
    }
  } catch (error) {
    return { checks: [failureOf(error, "metrics")] };
  }
  const accepted = ok("marked export", `accepted, doctor.id ${id}`);
  if (probe.prometheus === undefined) {
    return { checks: [accepted] };
  }
  const { url: prometheus, waitMs } = probe.prometheus;
  const { check, time } = await findInPrometheus({ prometheus, id, sentMs, waitMs, timeoutMs: probe.timeoutMs });
  return { checks: [accepted, check], ...(time && { time }) };
}

function shown({ url, protocol }: { readonly url: URL; readonly protocol: Destination["protocol"] }): string {
  return withoutCredentials(protocol === "grpc" ? url.origin : url.href);
}

/** All that a report must not hold: the values of headers, and their parts. */
export function secretsOf(probe: Probe, signals: readonly Signal[]): string[] {
  const { effective, helper } = probe;
  const headers = signals.flatMap((signal) => [
    headersFor(effective, signal, "grpc", helper),
    headersFor(effective, signal, "http/json", helper),
  ]);
  const values = headers.flatMap((one) => Object.values(one));
  return values.flatMap((value) => [value, ...value.split(/\s+/)]).filter((value) => value.length >= 6);
}
