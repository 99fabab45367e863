import { setTimeout as sleep } from "node:timers/promises";

import { doctorIdAttribute, doctorMetric } from "../../telemetry/doctor-metric";
import { labelName } from "../../telemetry/labels";
import { Check, failed, messageOf, ok } from "./check";
import { TimeAnswer } from "./clock";
import { authorizationIn, withoutCredentials } from "./keys";
import { isRecord, parseJson } from "../sources";
import { hour } from "../../units";

const name = "arrival";
const pauseMs = 250;
/** The sample may be looked for around now, whatever the clocks say. Seconds. */
const searchedSeconds = 2 * hour;

/** Address of Prometheus, and the time limit of the search. */
export interface Search {
  /** Base URL of Prometheus; may hold user and password. */
  readonly prometheus: string;
  readonly id: string;
  /** Time of sending, in milliseconds since 1970. */
  readonly sentMs: number;
  readonly waitMs: number;
  readonly timeoutMs: number;
}

/** Looks for the marked export in Prometheus until it is there, or `waitMs` are over. */
export async function findInPrometheus(search: Search): Promise<{ check: Check; time?: TimeAnswer }> {
  const { waitMs, sentMs, timeoutMs } = search;
  const shown = withoutCredentials(search.prometheus);
  const { url, headers } = seriesUrl(search);
  let time: TimeAnswer | undefined;
  try {
    const deadline = Date.now() + waitMs;
    for (;;) {
      const askedMs = Date.now();
      const response = await fetch(url, { headers, redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
      const localMs = (askedMs + Date.now()) / 2;
      const date = response.headers.get("date");
      time ??= date === null ? undefined : { date, localMs };
      const found = seriesIn(response.status, await response.text(), shown);
      if (found.length > 0) {
        const seconds = ((Date.now() - sentMs) / 1000).toFixed(1);
        return { check: ok(name, `the marked export was in Prometheus after ${seconds} s`), ...(time && { time }) };
      }
      if (Date.now() >= deadline) {
        break;
      }
      await sleep(pauseMs);
    }
  } catch (error) {
    const cure = "Check the URL; Prometheus is often reachable by a port-forward only (docs/operations.md).";
    return { check: failed(name, `${shown}: ${told(error)}`, cure), ...(time && { time }) };
  }
  const message = `the collector took the marked export, but it was not in ${shown} within ${waitMs / 1000} s`;
  const cure =
    "Is this the Prometheus of that collector? If so, the collector cannot write to it: see its log and its queue (npm run status).";
  return { check: failed(name, message, cure), ...(time && { time }) };
}

function seriesUrl({ prometheus, id, sentMs }: Search): { url: string; headers: Record<string, string> } {
  const url = new URL(prometheus);
  const authorization = authorizationIn(url);
  [url.username, url.password] = ["", ""];
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/api/v1/series`;
  url.searchParams.set("match[]", `${doctorMetric.prometheus}{${labelName(doctorIdAttribute)}="${id}"}`);
  url.searchParams.set("start", String(Math.floor(sentMs / 1000) - searchedSeconds));
  url.searchParams.set("end", String(Math.floor(sentMs / 1000) + searchedSeconds));
  return { url: url.href, headers: authorization === undefined ? {} : { authorization } };
}

function seriesIn(status: number, text: string, shown: string): readonly unknown[] {
  if (status === 401 || status === 403) {
    throw new Error(`answered ${status}; write user and password into the URL`);
  }
  const answer = parseJson(text);
  if (status !== 200 || !isRecord(answer) || !Array.isArray(answer["data"])) {
    throw new Error(`answered ${status}, but not as Prometheus does (${shown}/api/v1/series)`);
  }
  return answer["data"];
}

/** `fetch` hides what went wrong in the cause. */
function told(error: unknown): string {
  return messageOf(error instanceof Error && error.cause instanceof Error ? error.cause : error);
}
