import { metrics } from "../../telemetry/client-metrics";
import { clientVersions } from "../../synthetic/company";
import { models } from "../../synthetic/prices";
import { listPrices } from "../support/clients/list-prices";
import { Collectors } from "./collectors";
import { countRequest, countSession, ledgerPoints } from "./events";
import type { Point } from "./point";
import { type Person, people } from "./people";
import { dayMs, hourMs, minuteMs } from "../../units";

/**
 * A known history: 75 days of a small company. It holds what makes sums of running totals go wrong (one-shot sessions,
 * resumed sessions, two processes in one session) and what loses people (no e-mail address, no location, a single
 * request), and points exactly on the edges of windows.
 */

/** When the history ends: a Wednesday, on no multiple of anything. */
export const historyEnd = Date.parse("2026-03-18T14:02:40.000Z");

const days = 75;

/** What a model costs that no price list has, in nano-USD per token. */
const unlistedPrice = { input: 7_000, output: 11_000 };

/** Users who have switched their events off: metrics know them, events do not. */
const withoutEvents = ["bo@example.com"];

class Recorder {
  readonly points: Point[] = [];
  readonly collectors = new Collectors();

  add(metric: string, timeMs: number, value: number, labels: Readonly<Record<string, string>>): void {
    this.points.push({ metric, timeMs, value, labels });
  }
}

/** All points, in the order of their times. */
export function knownHistory(): readonly Point[] {
  const recorder = new Recorder();
  const midnight = Date.parse("2026-03-18T00:00:00Z");
  people.forEach((person, index) => {
    for (let back = days; back >= 0; back -= 1) {
      const start = midnight - back * dayMs + (8 + index) * hourMs + ((back * 7 + index * 11) % 50) * minuteMs;
      if (person.active(back)) {
        session(recorder, person, `${person.labels["user"] ?? ""}-${back}`, start + index * 137, 6 + (back % 5), back);
      }
    }
  });
  extras(recorder, midnight);
  return [...recorder.points, ...recorder.collectors.points()]
    .filter(({ timeMs }) => timeMs <= historyEnd)
    .sort((a, b) => a.timeMs - b.timeMs);
}

function session(recorder: Recorder, person: Person, id: string, start: number, exports: number, seed: number): void {
  // A resumed session has the id of the day before.
  const sessionId = person.resumes && seed % 2 === 0 ? `${person.labels["user"] ?? ""}-${seed + 1}` : id;
  const labels = { ...person.labels, session_id: sessionId };
  recorder.add(metrics.sessions.prometheus, start, 1, {
    ...labels,
    start_type: sessionId === id ? "fresh" : "resume",
    terminal_type: person.terminal,
    app_version: seed > 20 ? "2.1.300" : person.version,
  });
  for (let index = 0; index < exports; index += 1) {
    const time = start + index * minuteMs + index * 13;
    request(recorder, person, labels, time, seed + index);
    if (person.twoProcesses) {
      request(recorder, person, labels, time + 17_001, seed + index + 3);
    }
  }
  outcome(recorder, labels, start + exports * minuteMs + 5, seed);
}

function request(
  recorder: Recorder,
  person: Person,
  labels: Readonly<Record<string, string>>,
  time: number,
  seed: number,
): void {
  const model = person.models[seed % person.models.length] ?? "";
  const subagent = model === models.small;
  const attributes = {
    ...labels,
    model,
    query_source: subagent ? "subagent" : seed % 7 === 0 ? "auxiliary" : "main",
    ...(subagent ? { agent_name: "custom" } : { effort: seed % 3 === 0 ? "high" : "medium" }),
    ...(seed % 4 === 1 ? { skill_name: "review" } : {}),
    ...(seed % 11 === 2 ? { plugin_name: "third-party" } : {}),
  };
  const tokens = {
    input: 900 + ((seed * 37) % 400),
    output: 300 + ((seed * 53) % 900),
    cacheRead: (seed % 6) * 5000,
    cacheCreation: (seed % 3) * 1200,
  };
  for (const [type, value] of Object.entries(tokens)) {
    recorder.add(metrics.tokens.prometheus, time, value, { ...attributes, type });
  }
  // The client names a snapshot by its day.
  const { input, output } = listPrices[model.replace(/-\d{8}$/, "")] ?? unlistedPrice;
  const nanoUsd =
    tokens.input * input +
    tokens.output * output +
    (tokens.cacheRead * input) / 10 +
    tokens.cacheCreation * input * person.cacheWriteFactor;
  const costUsd = Math.round(nanoUsd / 1000) / 1e6;
  const billing = person.billing[seed % person.billing.length];
  const billed = billing === undefined ? attributes : { ...attributes, claude_monitoring_billing: billing };
  recorder.add(metrics.cost.prometheus, time, costUsd, billed);
  // A client exports its events by themselves, and some are lost.
  if (!withoutEvents.includes(person.labels["user"] ?? "") && seed % 23 !== 4) {
    const event = { timeMs: time, labels, model, querySource: attributes.query_source, costUsd, tokens };
    recorder.points.push(...ledgerPoints(event));
    countRequest(recorder.collectors, event);
  }
}

function outcome(recorder: Recorder, labels: Readonly<Record<string, string>>, time: number, seed: number): void {
  const model = models.usual;
  recorder.add(metrics.lines.prometheus, time, 5 + ((seed * 3) % 17), { ...labels, model, type: "added" });
  recorder.add(metrics.lines.prometheus, time, (seed * 5) % 9, { ...labels, model, type: "removed" });
  if (seed % 2 === 0) {
    recorder.add(metrics.commits.prometheus, time + 1, 1 + (seed % 3), labels);
  }
  if (seed % 5 === 0) {
    recorder.add(metrics.pullRequests.prometheus, time + 2, 1, labels);
  }
  const decisions = [
    ["accept", "config", "Edit", "TypeScript", 3],
    ["accept", "user_temporary", "Write", "Python", 2],
    ["reject", "user_reject", "Edit", "TypeScript", 1 + (seed % 2)],
    ["accept", "user_permanent", "Edit", "unknown", seed % 4],
  ] as const;
  for (const [decision, source, tool_name, language, count] of decisions) {
    if (count > 0) {
      recorder.add(metrics.editDecisions.prometheus, time + 3, count, {
        ...labels,
        decision,
        source,
        tool_name,
        language,
      });
    }
  }
  recorder.add(metrics.activeTime.prometheus, time + 4, 20.5 + seed, { ...labels, type: "user" });
  recorder.add(metrics.activeTime.prometheus, time + 4, 100.25 + seed * 2, { ...labels, type: "cli" });
  if (!withoutEvents.includes(labels["user"] ?? "")) {
    countSession(recorder.collectors, time + 5, labels);
  }
}

/** What does not follow a pattern. */
function extras(recorder: Recorder, midnight: number): void {
  const [ada, , chen] = people;
  if (ada === undefined || chen === undefined) {
    throw new Error("the history needs its people");
  }
  const once = (person: Person, id: string, time: number, seed: number, more: Record<string, string> = {}) => {
    request(recorder, person, { ...person.labels, ...more, session_id: id }, time, seed);
  };
  const visitor = { ...ada, labels: { user: "fay@example.com", team: "core", location: "berlin", device: "laptop" } };
  const guest = { ...ada, labels: { user: "gil@example.com", team: "web", location: "taipei", device: "tablet" } };
  // One-shot users: one twenty days ago, one in the last hour.
  once(visitor, "fay-once", midnight - 20 * dayMs + 9 * hourMs, 5);
  once(guest, "gil-once", historyEnd - 25 * minuteMs, 6);
  recorder.add(metrics.sessions.prometheus, historyEnd - 25 * minuteMs - 50, 1, {
    ...guest.labels,
    session_id: "gil-once",
    start_type: "fresh",
    terminal_type: "vscode",
    app_version: clientVersions.newest,
  });
  // A client that names nobody: the installation counts.
  const labels = { user: "0a".repeat(32), team: "web", location: "taipei", device: "runner" };
  once({ ...ada, labels }, "nobody-once", historyEnd - 2 * dayMs, 8);
  // A client whose requests are not reported.
  const silent = {
    user: "ivy@example.com",
    team: "web",
    location: "taipei",
    device: "laptop",
    session_id: "ivy-silent",
  };
  outcome(recorder, silent, historyEnd - 3 * dayMs, 10);
  // A model that was seen once, and that no price list has.
  once({ ...chen, models: ["claude-next-1"] }, "chen-next", historyEnd - 45 * minuteMs, 2);
  // Models of a gateway, which collectors name alike: on a seat, and metered.
  for (const [index, hours] of [3, 30].entries()) {
    once(
      { ...chen, models: ["other"], billing: index === 0 ? ["seat"] : [undefined] },
      "chen-gateway",
      historyEnd - hours * hourMs,
      3,
    );
  }
  // Sessions that are under way, also in windows that no roll-up holds yet.
  for (const [index, back] of [34, 33, 21, 14, 9, 4, 3, 1].entries()) {
    once(ada, "ada-now", historyEnd - back * minuteMs, index + 1);
    once(chen, "chen-now", historyEnd - back * minuteMs - 900, index + 4);
  }
  outcome(recorder, { ...ada.labels, session_id: "ada-now" }, historyEnd - 2 * minuteMs, 10);
  outcome(recorder, { ...chen.labels, session_id: "chen-now" }, historyEnd - 20 * minuteMs, 15);
  // Between yesterday's end of the last 24 hours and midnight, so that "today" is less.
  once(ada, "ada-evening", midnight - 5 * hourMs, 7);
  // Clients that the collector had to correct.
  once(ada, "ada-ahead", historyEnd - 26 * hourMs, 8, { claude_monitoring_clock: "ahead" });
  once(chen, "chen-cumulative", historyEnd - 50 * hourMs, 9, { claude_monitoring_temporality: "cumulative" });
  // Exactly on the edges of windows.
  for (const edge of ["2026-03-18T13:00:00Z", "2026-03-18T12:35:00Z", "2026-03-17T14:00:00Z", "2026-03-11T14:00:00Z"]) {
    once(ada, `edge-${edge}`, Date.parse(edge), 3);
  }
}
