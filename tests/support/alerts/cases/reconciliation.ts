import { labels } from "../../../../telemetry/labels";
import { signals } from "../../../../dashboards/signals";
import { type History, span } from "../alert-history";
import type { AlertCase } from "./case";

/** USD by how many seconds ago, oldest first. */
type Amounts = readonly (readonly [ago: number, usd: number])[];

/** What a session reported in both ledgers. */
function session(id: string, metrics: Amounts, events: Amounts, marks: Readonly<Record<string, string>> = {}) {
  return (history: History): void => {
    const who = { user: "alice", team: "platform", model: "claude-sonnet-4-5", session_id: id, ...marks };
    for (const [ago, usd] of metrics) {
      history.report(signals.cost, who, history.at - ago, usd);
    }
    for (const [ago, usd] of events) {
      history.report(signals.eventCost, who, history.at - ago, usd);
    }
  };
}

const { minute, hour, day } = span;

/** A request every twenty seconds, exported each minute: from one time to another, in seconds ago. */
function running(id: string, from: number, to: number) {
  const requests = Array.from({ length: Math.floor((from - to) / 20) }, (_, index): readonly [number, number] => [
    from - 20 * index,
    0.25,
  ]);
  // Exported at multiples of a minute after the begin.
  const exported = (ago: number): number => from - Math.ceil((from - ago + 1) / minute) * minute;
  const exports = new Map<number, number>();
  for (const [ago, usd] of requests) {
    exports.set(exported(ago), (exports.get(exported(ago)) ?? 0) + usd);
  }
  return session(
    id,
    [...exports].filter(([ago]) => ago >= 0),
    requests,
  );
}

function all(...histories: readonly ((history: History) => void)[]) {
  return (history: History): void => {
    for (const one of histories) {
      one(history);
    }
  };
}

const uid = "claude-ledger-events";
const uidOfMetrics = "claude-ledger-metrics";
const start = 5 * hour;
/** A session whose metrics lack an export in its middle, of 0.5 USD. */
const lacksExport = session(
  "holes",
  [
    [start, 0.5],
    [start - 20 * minute, 0.25],
  ],
  [
    [start + 20, 0.5],
    [start - 10 * minute + 5, 0.5],
    [start - 20 * minute + 40, 0.25],
  ],
);
/** Half an hour of a session. */
const longRequests: Amounts = [start, start - 15 * minute, start - 30 * minute].map((ago) => [ago, 0.5]);
const whole = session("whole", [[start, 1]], [[start + 30, 1]]);

/** Histories of the clients' two ledgers. */
export const reconciliationCases: readonly AlertCase[] = [
  {
    uid,
    where: "events lack a request in the middle of a session",
    fires: [{ value: 0.75 }],
    history: all(
      whole,
      session(
        "holes",
        [
          [start, 0.5],
          [start - 10 * minute, 0.75],
          [start - 20 * minute, 0.25],
        ],
        [
          [start + 20, 0.5],
          [start - 20 * minute + 40, 0.25],
        ],
      ),
    ),
  },
  {
    uid,
    where: "replies were interrupted, which are paid and have no event: a tenth of the cost",
    fires: [],
    history: all(
      whole,
      session(
        "stopped",
        [
          [start, 0.5],
          [start - 10 * minute, 0.1875],
          [start - 20 * minute, 0.25],
        ],
        [
          [start + 20, 0.5],
          [start - 20 * minute + 40, 0.25],
        ],
      ),
    ),
  },
  {
    uid,
    where: "metrics lack an export in the middle of a session",
    fires: [{ value: 0.5 }],
    history: all(whole, lacksExport),
  },
  {
    uid,
    where: "a session's metrics stop, and more is missing than a killed process can take along",
    fires: [{ value: 0.625 }],
    history: session(
      "stopped",
      [[start, 0.5]],
      [
        [start + 20, 0.5],
        [start - 10 * minute, 0.125],
        [start - 20 * minute, 0.25],
        [start - 30 * minute, 0.25],
      ].map(([ago = 0, usd = 0]) => [ago, usd] as const),
    ),
  },
  {
    uid,
    where: "a session that still runs, and began more than a day ago, lacks an event",
    // Of the 202 USD, six requests at the edge of the day could explain 1.5: of those it is not sure whether their exports
    // belong to the day before.
    fires: [{ value: 200.5 }],
    history: all(running("runs", 26 * hour, 0), session("runs", [[3 * hour, 202]], [])),
  },
  {
    uid,
    where: "sessions run, end, and ran on over the begin of the day",
    fires: [],
    history: all(
      whole,
      running("runs", 26 * hour, 0),
      running("began", 20 * minute, 0),
      running("ended", day + 40 * minute, day - 40 * minute),
    ),
  },
  {
    uid,
    where: "events are switched off, or came before the day that is compared",
    fires: [],
    history: all(session("off", [[start, 3]], []), session("before", [[start, 3]], [[25 * hour, 7]])),
  },
  {
    uid,
    where: "processes were killed within a minute of their last export, or before their first",
    fires: [],
    history: all(
      session(
        "killed",
        [[start, 0.5]],
        [
          [start + 20, 0.5],
          [start - 3 * hour, 0.5],
          [start - 3 * hour - 40, 0.25],
        ],
      ),
      session("at-once", [], [[start, 2]]),
    ),
  },
  {
    uid,
    where: "clocks were corrected, sums differ by rounding, or it is a demonstration",
    fires: [],
    history: all(
      session("ahead", [[start, 2]], [[start, 1]], { [labels.clock]: "ahead" }),
      session("rounded", [[start, 1.0000000001]], [[start, 1]]),
      session("shown", [[start, 2]], [[start, 1]], { [labels.demo]: "true" }),
    ),
  },
  {
    uid,
    where: "a client sends events and no metrics",
    fires: [],
    history: all(whole, session("without", [], [[start, 2]]), session("long", [], longRequests)),
  },
  {
    uid: uidOfMetrics,
    where: "a session has events for longer than a killed process explains, and no metrics",
    fires: [{ labels: { user: "alice" }, value: 1.5 }],
    history: all(whole, session("long", [], longRequests)),
  },
  {
    uid: uidOfMetrics,
    where: "a user has short sessions without metrics again and again",
    fires: [{ labels: { user: "alice" }, value: 3.5 }],
    history: all(
      whole,
      session("first", [], [[start, 0.5]]),
      session("second", [], [[start - hour, 1]]),
      session("third", [], [[start - 2 * hour, 2]]),
    ),
  },
  {
    uid: uidOfMetrics,
    where: "two processes were killed before their first export, and another lacks an export",
    fires: [],
    history: all(whole, session("first", [], [[start, 0.5]]), session("second", [], [[start - hour, 1]]), lacksExport),
  },
];
