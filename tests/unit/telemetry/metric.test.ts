import assert from "node:assert/strict";

import { backupMetrics } from "../../../telemetry/backup-metrics";
import { metrics } from "../../../telemetry/client-metrics";
import { countMetrics, histogramMetrics, ledgerMetrics } from "../../../telemetry/event-metrics";
import { counter } from "../../../telemetry/metric";

describe("the names of metrics in Prometheus", () => {
  // As Prometheus 3.16 was seen to spell them: tests/pipeline/exact-numbers.test.ts and all-signals.test.ts.
  it("end with the unit and, of counters, with total", () => {
    assert.equal(metrics.sessions.prometheus, "claude_code_session_count_total");
    assert.equal(metrics.cost.prometheus, "claude_code_cost_usage_USD_total");
    assert.equal(metrics.tokens.prometheus, "claude_code_token_usage_tokens_total");
    assert.equal(countMetrics.toolResultSize.prometheus, "claude_code_tool_result_size_bytes_total");
    assert.equal(histogramMetrics.toolWait.prometheus, "claude_code_tool_wait_seconds");
    assert.equal(backupMetrics.completed.prometheus, "claude_monitoring_backup_completed_timestamp_seconds");
  });

  it("say neither unit nor total twice", () => {
    assert.equal(ledgerMetrics.tokens.prometheus, "claude_code_event_tokens_total");
    assert.equal(metrics.activeTime.prometheus, "claude_code_active_time_seconds_total");
    assert.deepEqual(counter("a.b"), { name: "a.b", unit: "", prometheus: "a_b_total" });
  });
});
