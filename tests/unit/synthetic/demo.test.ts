import assert from "node:assert/strict";
import { createHash } from "node:crypto";

import { Demo, demo } from "../../../synthetic/demo";
import { DemoPoint, seriesKey } from "../../../synthetic/exports";
import { total } from "../../../synthetic/ledger";
import {
  metricsOf,
  valuesOf,
  ofMetric,
  userWith,
  processesOfUser,
  assertNoTimeTwice,
  lastOfEveryStream,
  costOfTokens,
  nanoUsdPerToken,
  dearestHour,
} from "./demo-points";
import { hourMs, minuteMs } from "../../../units";

const now = Date.UTC(2026, 10, 24, 14, 7, 3, 210);

describe("the demo's day", () => {
  const day = demo({ seed: 1, now, days: 1 });
  const processes = day.processes.map(metricsOf);
  const exports = processes.flat();
  const points = exports.flatMap((one) => one.points);

  const sessions = (other: Demo): Set<string> =>
    valuesOf(
      ofMetric(
        metricsOf(other.processes.flat()).flatMap((one) => one.points),
        "sessions",
      ),
      "session.id",
    );
  const own = sessions(day);

  /** Amounts of several demos add up only if no session is in two of them. */
  function assertNoSessionOfThisDay(other: Demo): void {
    assert.deepEqual(
      [...sessions(other)].filter((id) => own.has(id)),
      [],
    );
  }

  it("is the same for the same seed and moment, and another for another moment", () => {
    const digest = ({ processes: all }: Demo) => createHash("sha256").update(JSON.stringify(all)).digest("hex");
    assert.equal(digest(demo({ seed: 1, now, days: 1 })), digest(day));
    assertNoSessionOfThisDay(demo({ seed: 1, now: now + 1, days: 1 }));
  });

  // Whoever is at work, whatever the time of day.
  for (const [seed, at] of [6, 15].map((hours) => [hours, now + hours * hourMs] as const)) {
    it(`seed ${seed} at ${new Date(at).toISOString().slice(11, 16)}: a few thousand exports, whole and in order`, () => {
      const other = demo({ seed, now: at, days: 1 });
      assertNoSessionOfThisDay(other);
      const { processes: all, members, ledger } = other;
      const sent = metricsOf(all.flat());
      assert.ok(sent.length > 2000 && sent.length < 5000, `${sent.length} exports`);
      assert.equal(ledger.size, 40);
      assertNoTimeTwice(sent);
      for (const { points: own } of sent) {
        const ahead = own[0]!.attributes["user"] === userWith(members, "clock-ahead") ? hourMs : 0;
        assert.equal(new Set(own.map(({ timeMs }) => timeMs)).size, 1, "one time for each export");
        assert.ok(own.every(({ startMs, timeMs }) => Number.isInteger(startMs) && Number.isInteger(timeMs)));
        assert.ok(own.every(({ startMs, timeMs }) => startMs < timeMs && timeMs - ahead <= at));
        assert.ok(own.every(({ startMs }) => startMs - ahead > at - 24 * hourMs));
      }
    });
  }

  it("marks every resource and every point, and names only users who are made up", () => {
    for (const { resource, points: own } of exports) {
      for (const attributes of [resource, ...own.map((point) => point.attributes)]) {
        assert.equal(attributes["claude_monitoring.demo"], "true");
        assert.match(String(attributes["user"]), /^demo-[a-z]+$/);
      }
    }
  });

  it("is of 40 people in 5 teams and 5 locations, with devices, repositories, versions and terminals", () => {
    assert.deepEqual(
      ["user", "team", "location"].map((name) => valuesOf(points, name).size),
      [40, 5, 5],
    );
    for (const [name, atLeast] of Object.entries({
      device: 41,
      "user.id": 41,
      "vcs.repository.name": 10,
      "app.version": 4,
      "app.entrypoint": 2,
      "terminal.type": 4,
    })) {
      assert.ok(valuesOf(points, name).size >= atLeast, `${name}: ${[...valuesOf(points, name)].join(", ")}`);
    }
  });

  it("has all eight metrics with every value of their attributes", () => {
    const seen = (metric: DemoPoint["metric"], name: string): string[] =>
      [...valuesOf(ofMetric(points, metric), name)].sort();
    assert.deepEqual([...new Set(points.map(({ metric }) => metric))].sort(), [
      "activeTime",
      "commits",
      "cost",
      "editDecisions",
      "lines",
      "pullRequests",
      "sessions",
      "tokens",
    ]);
    assert.deepEqual(seen("cost", "model"), ["claude-haiku-4-5", "claude-opus-4-5", "claude-sonnet-4-5"]);
    for (const metric of ["cost", "tokens"] as const) {
      assert.deepEqual(seen(metric, "query_source"), ["auxiliary", "main", "subagent"]);
      assert.deepEqual(seen(metric, "effort"), ["high", "medium"]);
      assert.deepEqual(seen(metric, "agent.name"), ["Explore", "Plan", "custom", "general-purpose"]);
      assert.deepEqual(seen(metric, "skill.name"), ["code-review", "release-notes", "third-party"]);
      assert.deepEqual(seen(metric, "plugin.name"), ["third-party"]);
      assert.deepEqual(seen(metric, "mcp_server.name"), ["custom"]);
    }
    assert.deepEqual(seen("tokens", "type"), ["cacheCreation", "cacheRead", "input", "output"]);
    assert.deepEqual(seen("lines", "type"), ["added", "removed"]);
    assert.deepEqual(seen("activeTime", "type"), ["cli", "user"]);
    assert.deepEqual(seen("sessions", "start_type"), ["continue", "fresh", "resume"]);
    assert.deepEqual(seen("editDecisions", "decision"), ["accept", "reject"]);
    assert.deepEqual(seen("editDecisions", "source"), [
      "config",
      "hook",
      "user_permanent",
      "user_reject",
      "user_temporary",
    ]);
    assert.deepEqual(seen("editDecisions", "tool_name"), ["Edit", "NotebookEdit", "Write"]);
    assert.ok(seen("editDecisions", "language").length >= 10);
  });

  it("costs what its tokens cost at list price, point by point and in all", () => {
    let sum = 0;
    for (const { points: own } of exports) {
      for (const cost of ofMetric(own, "cost")) {
        const nano = costOfTokens(cost, ofMetric(own, "tokens"));
        assert.equal(cost.value, nano, JSON.stringify(cost.attributes));
      }
    }
    for (const stream of lastOfEveryStream(exports, "tokens")) {
      sum += stream.value * nanoUsdPerToken(stream);
    }
    assert.equal(total(day.ledger)["cost"], sum);
    assert.ok(sum > 200e9 && sum < 1000e9, `believable for 40 people: $${sum / 1e9}`);
  });

  it("exports neither more nor less than was counted", () => {
    const sums: Record<string, number> = {};
    for (const metric of new Set(points.map((point) => point.metric))) {
      for (const { value, attributes } of lastOfEveryStream(exports, metric)) {
        const name = "type" in attributes ? `${metric}|${String(attributes["type"])}` : metric;
        sums[name] = (sums[name] ?? 0) + value;
      }
    }
    assert.deepEqual(sums, { ...total(day.ledger) });
  });

  it("has one-shot and long sessions, resumed ones, and --continue with a session id of its own", () => {
    const lengths = processes.map((own) => own.at(-1)!.points[0]!.timeMs - own[0]!.points[0]!.timeMs);
    assert.ok(lengths.filter((length) => length === 0).length > 20, "one export and no more");
    assert.ok(lengths.filter((length) => length > hourMs).length > 5, "over an hour");
    const starts = ofMetric(points, "sessions");
    const others = valuesOf(
      points.filter(({ metric }) => metric !== "sessions"),
      "session.id",
    );
    const started = (type: string): DemoPoint[] => starts.filter(({ attributes }) => attributes["start_type"] === type);
    assert.ok(started("resume").every(({ attributes }) => others.has(String(attributes["session.id"]))));
    assert.ok(started("continue").every(({ attributes }) => !others.has(String(attributes["session.id"]))));
    const resumed = new Set(started("resume").map(({ attributes }) => attributes["session.id"]));
    assert.ok([...resumed].some((id) => started("fresh").some(({ attributes }) => attributes["session.id"] === id)));
  });

  it("has two processes that run in one session at the same time", () => {
    const own = processesOfUser(day, userWith(day.members, "parallel-processes"));
    const spans = own.map((exported) => ({
      session: exported.at(-1)!.points.find(({ metric }) => metric !== "sessions")!.attributes["session.id"],
      from: exported[0]!.points[0]!.timeMs,
      to: exported.at(-1)!.points[0]!.timeMs,
    }));
    const overlapping = spans.filter((a) =>
      spans.some((b) => a !== b && a.session === b.session && a.from < b.to && b.from < a.to),
    );
    assert.equal(overlapping.length, 2);
  });

  it("has a user without e-mail address, and an outdated client that does not name its repository", () => {
    const users = valuesOf(points, "user").size;
    const withMail = points.filter(({ attributes }) => "user.email" in attributes);
    assert.equal(users - valuesOf(withMail, "user").size, 1);
    const nameless = points.filter(({ attributes }) => !("vcs.repository.name" in attributes));
    assert.equal(valuesOf(nameless, "user").size, 1);
    assert.deepEqual([...valuesOf(nameless, "app.version")], ["2.1.239"]);
  });

  it("has an hour in which one user spends a multiple of what anybody else ever does", () => {
    const best = new Map(
      [...day.ledger.keys()].map((user) => [user, dearestHour(processesOfUser(day, user).flat())] as const),
    );
    const spike = userWith(day.members, "cost-spike");
    const others = Math.max(...[...best].filter(([user]) => user !== spike).map(([, nano]) => nano));
    assert.ok(best.get(spike)! > 4 * others, `${best.get(spike)! / 1e9} USD against ${others / 1e9}`);
  });

  it("has one client that sends running totals, whose idle intervals send them again", () => {
    const cumulative = exports.filter(({ temporality }) => temporality === "cumulative");
    assert.deepEqual(
      [
        ...valuesOf(
          cumulative.flatMap((one) => one.points),
          "user",
        ),
      ],
      [userWith(day.members, "cumulative")],
    );
    const own = processes.filter((exported) => exported[0]!.temporality === "cumulative");
    for (const exported of own) {
      const latest = new Map<string, DemoPoint>();
      for (const point of exported.flatMap((one) => one.points)) {
        const previous = latest.get(seriesKey(point.metric, point.attributes));
        assert.ok(previous === undefined || (previous.value <= point.value && previous.startMs === point.startMs));
        latest.set(seriesKey(point.metric, point.attributes), point);
      }
      assert.equal(exported.at(-1)!.points.length, latest.size, "every stream is in every later export");
    }
  });

  it("has one client whose clock is an hour ahead, so recently that every point of it is noticed", () => {
    const ahead = points.filter(({ timeMs }) => timeMs > now);
    const user = userWith(day.members, "clock-ahead");
    assert.deepEqual([...valuesOf(ahead, "user")], [user]);
    const own = processesOfUser(day, user).flatMap((exported) => exported.flatMap((one) => one.points));
    assert.equal(own.length, ahead.length);
    assert.ok(
      own.every(({ timeMs }) => timeMs > now + hourMs / 6),
      "also if it arrives some minutes later",
    );
  });

  it("has its people at work by the clocks where they are", () => {
    const members = new Map(day.members.map((member) => [member.user, member]));
    const ordinary = points.filter(({ timeMs }) => timeMs <= now);
    const hours = ordinary.map(({ attributes, timeMs }) => {
      const { utcOffsetMinutes } = members.get(String(attributes["user"]))!.location;
      return new Date(timeMs + utcOffsetMinutes * 60_000).getUTCHours();
    });
    assert.ok(hours.every((local) => local >= 8 && local < 20));
  });

  it("starts every delta at the previous export's time if that held the series, else later", () => {
    for (const exported of processes.filter(([first]) => first!.temporality === "delta")) {
      exported.slice(1).forEach(({ points: own }, index) => {
        const before = exported[index]!.points;
        const held = new Set(before.map(({ metric, attributes }) => seriesKey(metric, attributes)));
        for (const { metric, attributes, startMs, timeMs } of own) {
          const previous = before[0]!.timeMs;
          // An idle interval sends nothing, and what comes after it begins anew.
          const goesOn = held.has(seriesKey(metric, attributes)) && timeMs - previous < minuteMs + 1000;
          assert.ok(goesOn ? startMs === previous : startMs > previous);
        }
      });
    }
  });
});
