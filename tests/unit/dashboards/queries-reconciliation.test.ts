import assert from "node:assert/strict";

import { durationSeconds } from "../../../units";
import { importedOptions } from "../../../cli/importable-dashboard";
import {
  type ComparisonOptions,
  costWithoutMetrics,
  dailyDifference,
  differingCosts,
  ledgers,
  lostCost,
  sessionDifferences,
} from "../../../dashboards/queries/reconciliation";
import { texts } from "../../../dashboards/text/texts";
import { defaultOptions, testStores } from "./dashboard-model";
import { calledFunctions, loadParser, parses, selectors } from "./promql";

before(loadParser);

const causes = texts.en.trust.reconciliation.sessions.causes;
const matchers = ['claude_monitoring_demo=""'];

function queries(options: ComparisonOptions): string[] {
  const { metrics, events } = differingCosts(options);
  return [lostCost(options), costWithoutMetrics(options), sessionDifferences("why", causes, options), metrics, events];
}

/** The windows of a ledger and how long ago they end, in seconds; without those of subqueries. */
function windows(query: string, metric: string): Set<string> {
  const pattern = new RegExp(`sum_over_time\\(${metric}(?:\\{[^}]*\\})?\\[(\\d+s)\\] offset (\\w+)`, "g");
  return new Set(
    [...query.matchAll(pattern)].map((found) =>
      found
        .slice(1)
        .map((text) => durationSeconds(text))
        .join(" until "),
    ),
  );
}

describe("the comparison of metrics with events", () => {
  it("parses, and carries its matchers everywhere", () => {
    for (const query of [...queries({}), dailyDifference(ledgers.tokens, "1h")]) {
      assert.ok(parses(query), query);
      assert.ok(!calledFunctions(query).includes("increase"), query);
    }
    for (const query of queries({ matchers })) {
      for (const { metric, matchers: own } of selectors(query)) {
        assert.ok(own.includes(matchers[0]!), `${metric} in ${query}`);
      }
    }
  });

  it("leaves metrics an interval and a minute at each end, and both the time to arrive", () => {
    for (const [intervalSeconds, slack] of [
      [undefined, 120],
      [60, 120],
      [600, 660],
    ] as const) {
      const query = lostCost({ intervalSeconds });
      const end = 300 + slack;
      const [least, most] = [86_400 - slack, 86_400 + slack];
      assert.deepEqual(windows(query, ledgers.cost.events.metric), new Set([`86400 until ${end}`]));
      assert.deepEqual(
        windows(query, ledgers.cost.metrics.metric),
        new Set([`${least} until ${end}`, `${most} until 300`, `86400 until ${end}`]),
      );
      // The newest of each ledger is looked for from the begin of the windows up to now.
      assert.ok(query.includes(`[${86_400 + end}s:5m]`), query);
    }
  });

  it("by user is read from where days are read, each ledger from its own", () => {
    const over = (metric: string) => `sum by (user) (sum_over_time(${metric}[1d] offset -1d))`;
    for (const [source, own] of [
      ["raw", ledgers.cost.metrics.metric],
      ["5m", 'user_model:claude_code_cost_usage_USD:sum{rollup_step="5m"}'],
      ["1h", 'user_model:claude_code_cost_usage_USD:sum{rollup_step="1h"}'],
    ] as const) {
      const query = dailyDifference(ledgers.cost, source);
      assert.ok(query.startsWith(`abs(${over(own)} - sum by (user) (sum_over_time(`), query);
      const events = selectors(query)[1]!.metric;
      assert.equal(source === "raw", events === ledgers.cost.events.metric, query);
    }
  });

  it("names one cause for each session, and the harmless ones first", () => {
    const query = sessionDifferences("why", causes, {});
    const named = [...query.matchAll(/, "why", "([^"]+)", "", ""\)/g)].map(([, cause]) => cause);
    const { corrected, eventsWithoutCost, noEvents, killed, noMetrics, interrupted, lost } = causes;
    assert.deepEqual(named, [corrected, eventsWithoutCost, noEvents, killed, noMetrics, interrupted, lost]);
    assert.equal(query.split(/, ""\) or on \(session_id\) label_replace/).length, named.length);
  });
});

describe("dashboards for import", () => {
  it("ask for the stores that the stack has", () => {
    const sources = (events: typeof testStores | undefined) => importedOptions(defaultOptions({ events })).events;
    assert.equal(sources(undefined), undefined);
    assert.deepEqual(sources({ loki: testStores.loki }), { loki: { type: "loki", uid: "${DS_LOKI}" } });
    assert.deepEqual(sources(testStores)?.tempo, { type: "tempo", uid: "${DS_TEMPO}" });
  });
});
