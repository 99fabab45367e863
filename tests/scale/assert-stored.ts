import assert from "node:assert/strict";

import { ledgerMetrics } from "../../telemetry/event-metrics";
import { balance } from "../faults/balance";
import { assertSameAmounts } from "../support/compare";
import { totalsOf } from "../support/clients/load-generator";
import type { PrometheusReader } from "../support/prometheus/prometheus-reader";
import { auditSessions } from "../support/prometheus/session-audit";
import { readTotals } from "../support/prometheus/totals";
import type { TeamLedger } from "./team-load";

const window = "1h";

/**
 * Shows that a store holds what was sent and nothing else: in total, by team and kind of amount, and each session by
 * itself; what the collectors make of events likewise, in USD.
 */
export async function assertStored(
  reader: PrometheusReader,
  { metrics, events }: TeamLedger,
  teams: Iterable<string>,
  what: string,
): Promise<void> {
  const refused = [...metrics, ...events].filter(({ outcome }) => outcome !== "accepted");
  assert.equal(refused.length, 0, `${what}: exports that were not accepted`);
  assertSameAmounts(totalsOf(metrics), await readTotals(reader, { window }), `${what}, in total`);
  for (const team of teams) {
    const of = <T extends { readonly session: string }>(entries: readonly T[]) =>
      entries.filter(({ session }) => session.startsWith(`${team}-`));
    const options = { window, matchers: `team="${team}"` };
    const own = of(metrics);
    assert.ok(own.length > 0, `${team} sent nothing`);
    assertSameAmounts(totalsOf(own), await readTotals(reader, options), `${what}, ${team}`);
    assert.deepEqual(await auditSessions(reader, own, options), [], what);
    const sent = of(events).map((event) => ({ ...event, amount: event.costMicroUsd }));
    const stored = await reader.sumOf(ledgerMetrics.cost.prometheus, { ...options, by: ["session_id"] });
    assert.deepEqual(balance("events", "USD", sent, stored).wrongSessions, [], `${what}, events of ${team}`);
  }
}
