import { metrics } from "../../telemetry/client-metrics";
import { type Expectation, having, sumOf, type TargetExpectation } from "./expectation";
import { grouped, groupKey, type Groups, mapped, quotients, single, sums } from "./point";
import { type View } from "./view";
import { dayMs, minuteMs } from "../../units";

/** From midnight to the end of the history. */
const today = 14 * 3600 + 2 * 60 + 40;

/** Groups without a label get a name instead. */
export function named(groups: Groups, label: string, name: string): Groups {
  return new Map([...groups].map(([key, value]) => [key === "{}" ? groupKey({ [label]: name }) : key, value]));
}

/** Amounts by location, with the name of those without one. */
function withNotSet(right: Expectation): Expectation {
  return (view) => named(right(view), "location", "not set");
}

/** How many users sent a successful request. */
export function users(view: View): Groups {
  return count(sums(view.points(metrics.cost.prometheus), ["user"]));
}

/** The number of groups; none if there is none. */
export function count(groups: ReadonlyMap<string, unknown>): Groups {
  return single(groups.size === 0 ? undefined : groups.size);
}

const cost = sumOf(metrics.cost.prometheus);
const lines = sumOf(metrics.lines.prometheus);
const tokens = sumOf(metrics.tokens.prometheus);

const activeSessionsCost: Expectation = (view) => {
  const spent = sums(view.last(metrics.cost.prometheus, dayMs, "raw"), ["session_id"]);
  const active = [...sums(view.last(metrics.cost.prometheus, 10 * minuteMs, "raw"), ["session_id"]).keys()];
  return single(active.length === 0 ? undefined : active.reduce((sum, key) => sum + (spent.get(key) ?? 0), 0));
};

const activeSessions: Expectation = (view) =>
  count(grouped(view.last(metrics.cost.prometheus, 10 * minuteMs, "raw"), ["session_id"]));

const net: Expectation = (view) => {
  const signs = { added: 1, removed: -1 };
  const points = view.points(metrics.lines.prometheus);
  const sum = points.reduce((total, { labels, value }) => total + signs[labels["type"] as "added"] * value, 0);
  return single(points.length === 0 ? undefined : sum);
};

function perMinute(metric: string): Expectation {
  return (view) => mapped(sums(view.points(metric), ["type"]), (value) => value / (view.lengthMs / minuteMs));
}

const average: Expectation = (view) => {
  const byUser = [...sums(view.points(metrics.cost.prometheus), ["user"]).values()];
  return single(byUser.length === 0 ? undefined : byUser.reduce((sum, value) => sum + value, 0) / byUser.length);
};

const shareActive: Expectation = (view) => {
  const month = grouped(view.last(metrics.cost.prometheus, 30 * dayMs, "1h"), ["user"]);
  const now = grouped(view.last(metrics.cost.prometheus, today * 1000, "5m"), ["user"]);
  // The month's roll-ups may not have seen the newest users yet.
  return single(now.size === 0 ? undefined : now.size / new Set([...month.keys(), ...now.keys()]).size);
};

const cacheHit: Expectation = (view) => {
  const input = view.points(metrics.tokens.prometheus).filter(having("type", "input", "cacheRead", "cacheCreation"));
  return quotients(
    mapped(grouped(input, ["user"]), (group) => sums(group.filter(having("type", "cacheRead"))).get("{}") ?? 0),
    sums(input, ["user"]),
  );
};

function topUsers(view: View): Groups {
  const byUser = [...sums(view.points(metrics.cost.prometheus), ["user"])].sort(([, a], [, b]) => b - a);
  return new Map(byUser.slice(0, 20));
}

const usersByLocation: Expectation = (view) =>
  mapped(grouped(view.points(metrics.cost.prometheus), ["location"]), (group) => grouped(group, ["user"]).size);

/** What the panels of the overview should show, by title and target. */
export const overviewExpectations: Readonly<Record<string, TargetExpectation>> = {
  "Cost in range/A": { right: cost },
  "Cost today/A": {
    right: (view) => sums(view.last(metrics.cost.prometheus, today * 1000, "5m")),
    sinceSeconds: today,
  },
  "Cost in the last 24 hours/A": { right: (view) => sums(view.last(metrics.cost.prometheus, dayMs, "5m")) },
  "Active sessions' cost/A": { right: activeSessionsCost },
  "Request cost trend/A": { right: sumOf(metrics.cost.prometheus, ["model"]) },
  "Cost per line/A": { right: (view) => quotients(cost(view), lines(view)) },
  "Cost per commit/A": { right: (view) => quotients(cost(view), sumOf(metrics.commits.prometheus)(view)) },
  "Tokens per USD/A": { right: (view) => quotients(tokens(view), cost(view)) },
  "Cost by model/A": { right: sumOf(metrics.cost.prometheus, ["model"]) },
  "Cost per hour/A": { right: sumOf(metrics.cost.prometheus, ["model"]) },
  "Running total/A": { right: cost },
  "Tokens/A": { right: tokens },
  "Lines added/A": { right: sumOf(metrics.lines.prometheus, [], having("type", "added")) },
  "Lines removed/A": { right: sumOf(metrics.lines.prometheus, [], having("type", "removed")) },
  "Lines, net/A": { right: net },
  "Commits/A": { right: sumOf(metrics.commits.prometheus) },
  "Pull requests/A": { right: sumOf(metrics.pullRequests.prometheus) },
  "Sessions started/A": { right: sumOf(metrics.sessions.prometheus) },
  "Active sessions/A": { right: activeSessions },
  "Tokens by type/A": { right: sumOf(metrics.tokens.prometheus, ["type"]) },
  "Lines per minute/A": { right: perMinute(metrics.lines.prometheus) },
  "Tokens per minute/A": { right: perMinute(metrics.tokens.prometheus) },
  "Users/A": { right: users },
  "Active today/A": {
    right: (view) => count(grouped(view.last(metrics.cost.prometheus, today * 1000, "5m"), ["user"])),
    sinceSeconds: today,
  },
  "Average cost per user/A": { right: average },
  "Share active today/A": { right: shareActive, sinceSeconds: today },
  "Leaderboard/A": { right: sumOf(metrics.cost.prometheus, ["user"]) },
  "Leaderboard/B": { right: sumOf(metrics.tokens.prometheus, ["user"]) },
  "Leaderboard/C": { right: sumOf(metrics.sessions.prometheus, ["user"]) },
  "Leaderboard/D": { right: sumOf(metrics.lines.prometheus, ["user"]) },
  "Leaderboard/E": { right: sumOf(metrics.commits.prometheus, ["user"]) },
  "Leaderboard/F": { right: cacheHit },
  "Cost by user/A": { right: topUsers },
  "Models by user/A": { right: sumOf(metrics.cost.prometheus, ["user", "model"]) },
  "Editing tools by user/A": { right: sumOf(metrics.editDecisions.prometheus, ["user", "tool_name"]) },
  "Cost by location/A": {
    right: (view) => named(sums(view.points(metrics.cost.prometheus), ["location"]), "location", "not set"),
  },
  "Tokens by location/A": {
    right: (view) => named(sums(view.points(metrics.tokens.prometheus), ["location"]), "location", "not set"),
  },
  "Sessions by device/A": {
    right: (view) => named(sums(view.points(metrics.sessions.prometheus), ["device"]), "device", "not set"),
  },
  "Cost trend by location/A": {
    right: (view) => named(sums(view.points(metrics.cost.prometheus), ["location"]), "location", "not set"),
  },
  "Locations/A": { right: withNotSet(sumOf(metrics.cost.prometheus, ["location"])) },
  "Locations/B": { right: withNotSet(usersByLocation) },
  "Locations/C": { right: withNotSet(sumOf(metrics.tokens.prometheus, ["location"])) },
  "Locations/D": { right: withNotSet(sumOf(metrics.sessions.prometheus, ["location"])) },
};
