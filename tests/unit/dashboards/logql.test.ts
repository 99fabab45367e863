import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

import { serviceName } from "../../../telemetry/events";
import { entriesOf, type Entry } from "../../../lab/standins/loki/entries";
import { evaluateLogs, loadLogParser, parsesAsLogs } from "../../../lab/standins/loki/logql";
import { english, targetsTo, variants } from "./dashboard-model";
import { isBuiltIn, variableNames } from "./grafana-variables";
import { captures, capturedSession, everySession, eventsEnd, saidByAll } from "./logql-events";
import { type Expectation, expectations, type Picked, rangeSeconds } from "./logql-expectations";

before(loadLogParser);

const range = "1h";
const interval = "15s";

/** A query as Grafana's data source for Loki sends it. Variables with several values are escaped for expressions. */
function interpolated(query: string, picked: Picked): string {
  const multi = (values: readonly string[]) =>
    values.map((value) => value.replaceAll("\\", "\\\\\\\\").replaceAll(/[$^*{}[\]'+?.()|]/g, "\\\\$&")).join("|");
  const values: Picked = { event: [], user: [], team: [], session: "", text: "", ...picked };
  return query
    .replaceAll("$__range", range)
    .replaceAll("$__interval", interval)
    .replaceAll(/\$(\w+)/g, (_, name: string) => {
      const value = values[name]!;
      return typeof value === "string" ? value.replaceAll("'", "\\\\'") : value.length === 0 ? ".*" : multi(value);
    });
}

const views: Readonly<Record<string, readonly Picked[]>> = {
  "claude-code-session": [...everySession.map((session) => ({ session })), { session: "none" }],
  "claude-code-events": [
    {},
    { event: ["api_request", "api_error"] },
    { event: ["user_prompt"] },
    { user: ["a.b@example.com"] },
    { team: ["web"] },
    { session: `${capturedSession}-o` },
    { text: "BASH" },
    { text: "529" },
    { text: "privacy" },
    { text: "opus", event: ["api_error"] },
  ],
};

const entries = captures.flatMap(entriesOf);
/** Also instants before the last event, so that windows end among the events. */
const instants = [eventsEnd, eventsEnd - 250, eventsEnd - 20_000, eventsEnd - 2 * rangeSeconds * 1000];

/** By plain arithmetic on what clients sent. */
function expected({ keeps, windowSeconds, by = [], value = () => 1 }: Expectation, picked: Picked, atMs: number) {
  const kept = saidByAll.flatMap((said, index) => (keeps(said, picked) ? [{ said, index }] : []));
  if (windowSeconds === undefined) {
    return kept.map(({ index }) => index);
  }
  const sums: Record<string, number> = {};
  for (const { said } of kept.filter(
    ({ said: { timeMs } }) => timeMs <= atMs && timeMs > atMs - windowSeconds * 1000,
  )) {
    const group = by.map((name) => `${name.replaceAll(".", "_")}=${(said[name] as string | undefined) ?? ""}`).join();
    sums[group] = (sums[group] ?? 0) + value(said);
  }
  return rounded(sums);
}

/** What a query answers, in the same form. */
function answered(query: string, by: readonly string[], picked: Picked, atMs: number) {
  const answer = evaluateLogs(interpolated(query, picked), entries, atMs);
  if (!(answer instanceof Map)) {
    return (answer as readonly Entry[]).map((entry) => entries.indexOf(entry));
  }
  const names = by.map((name) => name.replaceAll(".", "_"));
  return rounded(
    Object.fromEntries(
      [...answer].map(([key, value]) => {
        const labels = JSON.parse(key as string) as Record<string, string>;
        return [names.map((name) => `${name}=${labels[name] ?? ""}`).join(), value as number];
      }),
    ),
  );
}

function rounded(sums: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(sums).map(([group, value]) => [group, value.toFixed(9)]));
}

const targets = english.flatMap((dashboard) =>
  targetsTo(dashboard, "loki").map(({ panel, target }) => ({
    dashboard,
    target,
    name: `${dashboard.uid}: ${panel.title}`,
  })),
);

/** A query without each of its filters in turn. What guards numbers from texts is no filter. */
function withoutAFilter(query: string): string[] {
  const filters = query.match(/ \| (?!unwrap|__error__)[^|]*?(?= \||$| \[)/g) ?? [];
  return filters.map((filter) => query.replace(filter, ""));
}

describe("queries of events, evaluated by a stand-in for Loki", () => {
  for (const { name, dashboard, target } of targets) {
    it(`${name}: answers what the events say, and something else without any one filter`, () => {
      const expectation = expectations[name];
      assert.ok(expectation, `no expectation for ${name}: every query has one`);
      const { by = [] } = expectation;
      const cases = views[dashboard.uid]!.flatMap((picked) =>
        instants.map((atMs) => ({ picked, atMs, right: expected(expectation, picked, atMs) })),
      );
      for (const { picked, atMs, right } of cases) {
        assert.deepEqual(answered(target.expr, by, picked, atMs), right, JSON.stringify(picked));
      }
      assert.ok(
        cases.some(({ right }) => Object.keys(right).length > 0),
        "the events have nothing to show",
      );
      const mistaken = withoutAFilter(target.expr);
      assert.ok(mistaken.length > 0, target.expr);
      for (const query of mistaken) {
        const differs = cases.some(
          ({ picked, atMs, right }) => !isDeepStrictEqual(answered(query, by, picked, atMs), right),
        );
        assert.ok(differs, `${query} answers the same as ${target.expr}`);
      }
    });
  }

  it("are all expected, and nothing is expected that no panel asks", () => {
    assert.deepEqual(targets.map(({ name }) => name).sort(), Object.keys(expectations).sort());
    assert.ok(saidByAll.length > 20 && saidByAll.length === entries.length);
  });
});

for (const { name, dashboard } of variants) {
  const asked = targetsTo(dashboard, "loki");
  if (asked.length > 0) {
    describe(`queries of events on dashboard ${name}`, () => {
      it("parse, read the one stream, and name no variable but the dashboard's", () => {
        const own = (dashboard.templating.list ?? []).map((variable) => variable.name);
        for (const { target } of asked) {
          assert.ok(parsesAsLogs(interpolated(target.expr, {})), target.expr);
          assert.ok(target.expr.includes(`{service_name="${serviceName}"} | `), target.expr);
          for (const variable of variableNames(target.expr)) {
            assert.ok(own.includes(variable) || isBuiltIn(variable), `$${variable} in ${target.expr}`);
          }
        }
      });

      it("obey what is picked", () => {
        const pickedBy =
          dashboard.uid === "claude-code-events" ? ["event", "user", "team", "session", "text"] : ["session"];
        for (const { target } of asked) {
          for (const variable of pickedBy) {
            assert.ok(variableNames(target.expr).includes(variable), `${target.expr} lacks ${variable}`);
          }
        }
      });

      it("ask once for a number, and for a range where time is shown", () => {
        for (const { panel, target } of asked) {
          assert.equal(target.queryType, ["bargauge", "stat"].includes(panel.type) ? "instant" : "range", panel.title);
        }
      });
    });
  }
}

describe("queries of traces", () => {
  it("are about the session that is shown", () => {
    const queries = english.flatMap((dashboard) => targetsTo(dashboard, "tempo").map(({ target }) => target));
    assert.deepEqual(
      queries.map(({ query, queryType }) => [query, queryType]),
      [['{ span.session.id = "$session" }', "traceql"]],
    );
  });
});

describe("the stand-in for Loki", () => {
  const answer = (query: string) => evaluateLogs(query, entries, eventsEnd);

  it("refuses what it does not know", () => {
    for (const query of [
      '{service_name="claude-code"} | json',
      '{service_name="claude-code"} |= "x"',
      '{service_name="claude-code"} | a!~"x"',
      '{service_name="claude-code"} | a="x" and b="y"',
      'count_over_time({service_name="claude-code"} [5m])',
      'max by (a) (count_over_time({service_name="claude-code"} [5m]))',
      'sum by (a) (rate({service_name="claude-code"} [5m]))',
      'sum by (a) (sum_over_time({service_name="claude-code"} | unwrap x [5m]))',
      'sum by (a) (count_over_time({service_name="claude-code"} [5m] offset 5m))',
    ]) {
      assert.ok(parsesAsLogs(query), query);
      assert.throws(() => answer(query), /the stand-in for Loki does not know/, query);
    }
    assert.ok(!parsesAsLogs('{service_name="claude-code"'));
  });

  it("takes what an entry lacks for the empty text, and expressions for the whole of one", () => {
    const count = (filter: string) => (answer(`{service_name="claude-code"} | ${filter}`) as readonly Entry[]).length;
    assert.equal(count('nowhere=""'), entries.length);
    assert.equal(count('nowhere=~".*"'), entries.length);
    assert.equal(count('nowhere!=""'), 0);
    assert.equal(count('event_name=~"api"'), 0);
    assert.ok(count('event_name=~"(?i)API_.*"') > 0);
    assert.equal(count('service_name!="claude-code"'), 0);
  });

  it("has no two entries with the same time and line", () => {
    const [captured = { resourceLogs: [] }] = captures;
    const own = entriesOf(captured);
    assert.equal(new Set(own.map(({ timeMs, line }) => `${timeMs} ${line}`)).size, own.length);
    assert.match(own[0]!.line, /^claude_code\.\w+ session=\S+ sequence=\d+$/);
  });
});
