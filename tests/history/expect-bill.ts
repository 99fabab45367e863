import { billMetrics, billTimes } from "../../telemetry/bill";
import { metrics } from "../../telemetry/client-metrics";
import { dayMs } from "../../units";
import { named } from "./expect-overview";
import { type Expectation, having, sumOf, type TargetExpectation } from "./expectation";
import { grouped, groupKey, type Groups, mapped, type Point, quotients, single, sums } from "./point";
import type { View } from "./view";

const charged = billMetrics.charged.prometheus;
const list = billMetrics.list.prometheus;
const reported = billMetrics.reported.prometheus;
const difference = billMetrics.difference.prometheus;
const seats = billMetrics.seats.prometheus;

const claudeCode = having("product", "claude_code");
const ofPerson = having("charged_to", "person");
const byPerson = ["user", "team"];

/** An amount that is 0 where nothing is known of it. */
function orZero(right: Expectation): TargetExpectation {
  return { right: (view) => single(right(view).get("{}") ?? 0) };
}

/** The same of whoever is picked: the figures are nobody's. */
function ofEverybody(right: Expectation): TargetExpectation {
  return { right, ignores: ["user", "team"] };
}

/** USD that telemetry has not seen, with nothing for others who are charged. */
function missing(view: View, by: readonly string[], own: Groups, ...reasons: readonly string[]): Groups {
  const unseen = sums(view.points(difference).filter(having("reason", ...reasons)), by);
  return new Map([...mapped(own, () => 0), ...unseen]);
}

const coverage: Expectation = (view) => {
  const all = sums(view.points(charged).filter(claudeCode));
  const unseen = missing(view, [], all, "unmatched", "not_reporting", "unexplained");
  return mapped(quotients(unseen, all), (share) => 1 - share);
};

const chargedToPeople: Expectation = (view) => {
  return sums(
    view.points(charged).filter((point) => claudeCode(point) && ofPerson(point)),
    byPerson,
  );
};

const missingOfPeople: Expectation = (view) =>
  missing(view, byPerson, chargedToPeople(view), "not_reporting", "unexplained");

/** Groups with more than rounding. */
function actual(right: Expectation): Expectation {
  return (view) => new Map([...right(view)].filter(([, value]) => value > 1e-6));
}

function models(right: Expectation): TargetExpectation {
  return ofEverybody((view) => named(right(view), "model", "no model"));
}

const byReason: Expectation = (view) =>
  new Map(
    [...grouped(view.points(difference), ["reason"])].map(([, points]) => {
      const reason = points[0]?.labels["reason"] ?? "";
      return [groupKey({ reason, meaning: reason }), points.reduce((sum, { value }) => sum + value, 0)];
    }),
  );

const sessionsOfSilent: Expectation = (view) => {
  const reporting = new Set(view.points(metrics.cost.prometheus).map(({ labels }) => labels["user"]));
  const counted = view.points(billMetrics.activity.prometheus).filter(having("activity", "sessions"));
  return sums(
    counted.filter(({ labels }) => !reporting.has(labels["user"])),
    byPerson,
  );
};

const clientCounts: Expectation = (view) => {
  const count = (metric: string, keep: (point: Point) => boolean = () => true) =>
    [...sums(view.points(metric).filter(keep)).values()][0];
  const counts = {
    sessions: count(metrics.sessions.prometheus),
    lines_added: count(metrics.lines.prometheus, having("type", "added")),
    lines_removed: count(metrics.lines.prometheus, having("type", "removed")),
    commits: count(metrics.commits.prometheus),
    pull_requests: count(metrics.pullRequests.prometheus),
  };
  return new Map(
    Object.entries(counts).flatMap(([activity, value]) =>
      value === undefined ? [] : [[groupKey({ activity }), value] as const],
    ),
  );
};

/** Seats in a state on the bar's first day: over days they do not add up. */
function seatsIn(view: View, state: string): number | undefined {
  return sums(view.bar(seats, dayMs, "raw").filter(having("state", state))).get("{}");
}

const unusedSeats: Expectation = (view) => {
  const bought = seatsIn(view, "bought");
  return single(bought === undefined ? undefined : bought - (seatsIn(view, "used") ?? 0));
};

/** Seconds since the newest of some values that are times. */
function since(view: View, points: readonly Point[], by: readonly string[] = []): Groups {
  return mapped(grouped(points, by), (group) => view.atMs / 1000 - Math.max(...group.map(({ value }) => value)));
}

const asOldest = (expr: string) => expr.replaceAll("last_over_time", "min_over_time").replaceAll("max", "min");

function sinceRun(outcome: string): TargetExpectation {
  const run = billTimes.run.prometheus;
  return {
    ...ofEverybody((view) => since(view, view.last(run, 30 * dayMs, "raw").filter(having("outcome", outcome)))),
    wrong: (expr) => expr.replace(`=~"${outcome}"`, `!~"${outcome}"`),
  };
}

function tokens(type: string): TargetExpectation {
  return models((view) => sums(view.points(billMetrics.tokens.prometheus).filter(having("type", type)), ["model"]));
}

/** The right values of the bill's panels. */
export const billExpectations: Readonly<Record<string, TargetExpectation>> = {
  "Charged/A": orZero(sumOf(charged)),
  "Reported/A": orZero(sumOf(reported)),
  "Difference/A": orZero(sumOf(difference)),
  "Coverage/A": { right: coverage },
  "Unexplained/A": orZero(sumOf(difference, [], having("reason", "unexplained"))),
  "Figures are behind/A": {
    ...ofEverybody((view) => since(view, view.last(billTimes.refreshed.prometheus, 30 * dayMs, "raw"))),
    wrong: asOldest,
  },
  "Charged and reported by day/A": { right: sumOf(charged) },
  "Charged and reported by day/B": { right: sumOf(reported) },
  "Difference by reason and day/A": { right: sumOf(difference, ["reason"]) },
  "Reasons of the difference/A": { right: byReason },
  "Coverage by day/A": { right: coverage },
  "Charged, and not reporting/A": {
    right: actual(sumOf(difference, byPerson, having("reason", "not_reporting"))),
  },
  "Coverage by user/A": { right: missingOfPeople },
  "Coverage by user/B": { right: chargedToPeople },
  "Coverage by user/C": { right: sumOf(reported, byPerson) },
  "Coverage by user/D": {
    right: sumOf(difference, byPerson, (point) => !having("reason", "other_products", "unmatched")(point)),
  },
  "Coverage by user/E": {
    right: (view) => mapped(quotients(missingOfPeople(view), chargedToPeople(view)), (share) => 1 - share),
  },
  "Charged to keys and services that are nobody's/A": {
    right: actual(sumOf(charged, ["user", "workspace", "charged_to"], (point) => !ofPerson(point))),
  },
  "Charged by product/A": { right: sumOf(charged, ["product"]) },
  "Charged and list price by model/A": models(sumOf(charged, ["model"])),
  "Charged and list price by model/B": models(sumOf(list, ["model"])),
  "Charged and list price by model/C": models((view) =>
    mapped(quotients(sumOf(charged, ["model"])(view), sumOf(list, ["model"])(view)), (share) => 1 - share),
  ),
  "Charged tokens by model/A": tokens("input"),
  "Charged tokens by model/B": tokens("output"),
  "Charged tokens by model/C": tokens("cacheRead"),
  "Charged tokens by model/D": tokens("cacheCreation"),
  "The same work by both counts/A": { right: sumOf(billMetrics.activity.prometheus, ["activity"]) },
  "The same work by both counts/B": { right: clientCounts },
  "Decisions on edits, by the provider/A": ofEverybody(
    sumOf(billMetrics.toolDecisions.prometheus, ["tool_name", "decision"]),
  ),
  "Seats/A": ofEverybody((view) => single(seatsIn(view, "bought"))),
  "Seats/B": ofEverybody((view) => single(seatsIn(view, "used"))),
  "Seats/C": ofEverybody(unusedSeats),
  "Active, and reporting nothing/A": { right: sessionsOfSilent },
  "Since the last complete run/A": sinceRun("complete"),
  "Since the key was last refused/A": sinceRun("refused"),
  "Since the last failed run/A": sinceRun("failed"),
  "Days that were read/A": {
    ...ofEverybody((view) => since(view, view.points(billTimes.dayRead.prometheus), ["day"])),
    wrong: asOldest,
  },
};
