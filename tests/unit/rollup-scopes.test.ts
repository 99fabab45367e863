import assert from "node:assert/strict";

import {
  distributions,
  rollupDimensions,
  rollupName,
  scopes,
  type Signal,
  signals,
  signalScopes,
} from "../../dashboards/telemetry";
import { countMetrics, type EventMetric, histogramMetrics } from "../../telemetry/event-metrics";
import { everyScope, rollups, scopeLabels } from "./rollup-scope";

/** A signal that no dashboard knows. */
const signal: Signal = { metric: "m_total", level: "level", dimensions: ["type"] };

describe("scopes of roll-ups", () => {
  it("keep ever more labels, narrowest first", () => {
    assert.deepEqual(scopes, scopeLabels);
    assert.deepEqual(Object.keys(scopes), everyScope);
    assert.ok(scopes.team.every((label) => scopes.user.some((other) => other === label)));
    assert.ok(scopes.user.every((label) => scopes.device.some((other) => other === label)));
  });

  it("have names and labels of their own in each signal", () => {
    const unnamed: Signal = { metric: "n_total", level: "", dimensions: [] };
    assert.deepEqual(
      everyScope.map((scope) => [rollupName(signal, scope), rollupName(unnamed, scope)]),
      [
        ["team_level:m:sum", "team:n:sum"],
        ["user_level:m:sum", "user:n:sum"],
        ["device_level:m:sum", "device:n:sum"],
      ],
    );
    assert.equal(rollupName(signal, "${any}"), "${any}_level:m:sum");
    assert.deepEqual(rollupDimensions(signal, "user"), [...scopeLabels.user, "type"]);
    assert.deepEqual(rollupDimensions(unnamed, "team"), scopeLabels.team);
    assert.equal(rollups.size, Object.values<Signal>(signals).flatMap(signalScopes).length);
  });

  it("are all of a signal's, or those that it names: what the collector counts has no user", () => {
    assert.deepEqual(signalScopes(signal), everyScope);
    assert.deepEqual(signalScopes({ ...signal, scopes: ["user"] }), ["user"]);
    const counted = Object.values<EventMetric>({ ...countMetrics, ...histogramMetrics }).map((one) => one.prometheus);
    for (const [name, one] of Object.entries<Signal>(signals)) {
      const isCounted = counted.includes(one.metric.replace(/_(bucket|sum|count)$/, ""));
      assert.deepEqual(signalScopes(one), isCounted ? ["team"] : everyScope, name);
    }
  });

  it("keep every bucket of a distribution, but of its labels only the first", () => {
    for (const [name, { bucket, sum, count }] of Object.entries(distributions)) {
      assert.deepEqual(bucket.dimensions, ["le", sum.dimensions[0]], name);
      assert.deepEqual(count.dimensions, sum.dimensions, name);
    }
    const { requestDurationBucket, requestDurationSum, requestDurationCount } = signals;
    assert.deepEqual(
      [requestDurationBucket, requestDurationSum, requestDurationCount].map((one) => rollupName(one, "team")),
      ["bucket", "sum", "count"].map((part) => `team_model:claude_code_api_request_duration_seconds_${part}:sum`),
    );
  });
});
