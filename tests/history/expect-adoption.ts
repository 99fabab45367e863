import { metrics } from "../../telemetry/client-metrics";
import { count, named } from "./expect-overview";
import { type Expectation, having, sumOf, type TargetExpectation } from "./expectation";
import { grouped, mapped, type Point, quotients, single, sums } from "./point";
import { dayMs } from "../../units";

/** Users of the days that end with the bar's day, as far as hourly roll-ups are evaluated. */
function activeUsers(days: number): Expectation {
  return (view) => count(grouped(view.bar(metrics.cost.prometheus, days * dayMs, "1h", dayMs), ["user"]));
}

const stopped: Expectation = (view) => {
  const recent = grouped(view.last(metrics.cost.prometheus, 7 * dayMs, "1h"), ["user"]);
  const month = view.last(metrics.cost.prometheus, 30 * dayMs, "1h");
  const gone = month.filter(({ labels }) => !recent.has(JSON.stringify({ user: labels["user"] })));
  return sums(gone, ["user", "team"]);
};

const nameless: Expectation = (view) => {
  const week = view.last(metrics.cost.prometheus, 7 * dayMs, "1h");
  return sums(
    week.filter(({ labels }) => labels["user"]?.length === 64),
    ["user", "team", "device"],
  );
};

const withoutCost: Expectation = (view) => {
  const paid = grouped(view.last(metrics.cost.prometheus, 7 * dayMs, "1h"), ["user"]);
  const active = view.last(metrics.activeTime.prometheus, 7 * dayMs, "1h");
  const free = active.filter(({ labels }) => !paid.has(JSON.stringify({ user: labels["user"] })));
  return sums(free, ["user", "team"]);
};

/** Older than 2.1.320, compared number by number. */
function outdated({ labels }: Point): boolean {
  const [major = 0, middle = 0, minor = 0] = (labels["app_version"] ?? "").split(".").map(Number);
  return major < 2 || (major === 2 && (middle < 1 || (middle === 1 && minor < 320)));
}

const outdatedClients: Expectation = (view) =>
  sums(view.last(metrics.sessions.prometheus, 7 * dayMs, "1h").filter(outdated), ["user", "app_version"]);

function sessionsBy(label: string): Expectation {
  return (view) => named(sums(view.points(metrics.sessions.prometheus), [label]), label, "not set");
}

const automatic = having("source", "config", "hook", "user_permanent");
const personal = (point: Point) => !automatic(point);

/** Share accepted of what people decided. */
function acceptedBy(by: readonly string[]): Expectation {
  return (view) => {
    const decisions = view.points(metrics.editDecisions.prometheus).filter(personal);
    const accepted = mapped(
      grouped(decisions, by),
      (group) => sums(group.filter(having("decision", "accept"))).get("{}") ?? 0,
    );
    return quotients(accepted, sums(decisions, by));
  };
}

const automaticShare: Expectation = (view) => {
  const all = view.points(metrics.editDecisions.prometheus);
  const [of] = sums(all).values();
  return single(of === undefined ? undefined : (sums(all.filter(automatic)).get("{}") ?? 0) / of);
};

/** What the panels of the adoption dashboard should show, with 2.1.320 as the oldest version allowed. */
export const adoptionExpectations: Readonly<Record<string, TargetExpectation>> = {
  "Active users/A": { right: activeUsers(1) },
  "Active users/B": { right: activeUsers(7) },
  "Active users/C": { right: activeUsers(30) },
  "Active users, last 7 days/A": {
    right: (view) => count(grouped(view.last(metrics.cost.prometheus, 7 * dayMs, "5m"), ["user"])),
  },
  "Sessions in range/A": { right: sumOf(metrics.sessions.prometheus) },
  "Commits in range/A": { right: sumOf(metrics.commits.prometheus) },
  "Stopped reporting/A": { right: stopped },
  "Active without cost/A": { right: withoutCost },
  "People without a name/A": { right: nameless },
  "Outdated clients/A": { right: outdatedClients },
  "Sessions by start/A": { right: sessionsBy("start_type") },
  "Sessions by terminal/A": { right: sessionsBy("terminal_type") },
  "Sessions by client version/A": { right: sessionsBy("app_version") },
  "Active time in range/A": { right: sumOf(metrics.activeTime.prometheus, ["type"]) },
  "Active time/A": { right: sumOf(metrics.activeTime.prometheus, ["type"]) },
  "Edits accepted/A": { right: acceptedBy([]) },
  "Edits decided automatically/A": { right: automaticShare },
  "Acceptance by tool/A": { right: acceptedBy(["tool_name"]) },
  "Acceptance by language/A": { right: acceptedBy(["language"]) },
  "Decisions by source/A": { right: sumOf(metrics.editDecisions.prometheus, ["decision", "source"]) },
  "Commits and pull requests/A": { right: sumOf(metrics.commits.prometheus) },
  "Commits and pull requests/B": { right: sumOf(metrics.pullRequests.prometheus) },
};
