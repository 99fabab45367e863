import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { DemoExport } from "../../synthetic/exports";
import { payload } from "../../synthetic/payload";

/** Options of {@link sendAll}. */
export interface SendOptions {
  /** Base URL of the OTLP/HTTP receiver; `/v1/` and the signal are appended. */
  readonly url: string;
  /** Ends sending; what is under way is given up. */
  readonly signal: AbortSignal;
  /** Called after each export that was accepted, with how many there are so far. */
  readonly onSent?: (sent: number) => void;
  /** For how long an export is tried again after 503, in milliseconds. Default a minute. */
  readonly retryForMs?: number;
}

const maxInFlight = 16;
const answerTimeoutMs = 60_000;
const firstRetryPauseMs = 500;
const longestRetryPauseMs = 8000;
/** Points of a wrong clock get the time of their arrival, in milliseconds: no two of one series may arrive in the same. */
const pauseBetweenExportsMs = 10;

/**
 * Sends the exports of all processes, a bounded number at a time, those of one process one after the other.
 *
 * @returns how many were accepted; fewer than there are only if `signal` ended it
 * @throws Error naming the URL and the answer, for any answer but 2xx and a 503 that passes, or for none
 */
export async function sendAll(
  processes: readonly (readonly DemoExport[])[],
  { url, signal, onSent, retryForMs = 60_000 }: SendOptions,
): Promise<number> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  // Each worker listens while it waits; Node.js takes more than ten for a leak.
  setMaxListeners(2 * maxInFlight, stop);
  // The longest last, because they are taken from the end: none of them should be left over when all else is done.
  const waiting = [...processes].sort((a, b) => a.length - b.length);
  let sent = 0;
  let failure: unknown;
  const sendProcesses = async (): Promise<void> => {
    for (let process = waiting.pop(); process !== undefined; process = waiting.pop()) {
      for (const one of process) {
        await deliver(`${url}/v1/${one.signal}`, payload(one), { retryForMs, signal: stop });
        sent++;
        onSent?.(sent);
        await sleep(pauseBetweenExportsMs, undefined, { signal: stop });
      }
    }
  };
  const worker = (): Promise<void> =>
    sendProcesses().catch((error: unknown) => {
      // The others fail after this one, because they are stopped.
      failure ??= error;
      failed.abort();
    });
  await Promise.all(Array.from({ length: maxInFlight }, worker));
  if (failure instanceof Error && !signal.aborted) {
    throw failure;
  }
  return sent;
}

async function deliver(url: string, body: string, options: { retryForMs: number; signal: AbortSignal }): Promise<void> {
  const deadline = Date.now() + options.retryForMs;
  for (let pause = firstRetryPauseMs; ; pause = Math.min(2 * pause, longestRetryPauseMs)) {
    const { status, text } = await post(url, body, options.signal);
    if (status >= 200 && status < 300) {
      return;
    }
    if (status !== 503 || Date.now() + pause > deadline) {
      const insisted = status === 503 ? ` for ${Math.round(options.retryForMs / 1000)} s` : "";
      throw new Error(`${url} answered ${status}${insisted}: ${text.trim().slice(0, 300) || "(nothing)"}`);
    }
    await sleep(pause, undefined, { signal: options.signal });
  }
}

async function post(url: string, body: string, signal: AbortSignal): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      // Another service may redirect to its login page, and answer 200 there.
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (signal.aborted) {
      throw error;
    }
    throw new Error(`${url} gave no answer: ${reason(error)}`, { cause: error });
  }
}

/** `fetch` hides what went wrong in the cause. */
function reason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const told = cause instanceof Error ? cause : error;
  if (!(told instanceof Error)) {
    return String(told);
  }
  return told.message || ("code" in told ? String(told.code) : told.name);
}
