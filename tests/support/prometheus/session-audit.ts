import { metrics } from "../../../telemetry/client-metrics";
import { sameAmount } from "../compare";
import type { LedgerEntry } from "../clients/load-generator";
import type { PrometheusReader, SumOptions } from "./prometheus-reader";

/**
 * Checks every session of a load by itself, where each session sent one export: what was accepted must be stored once,
 * what was refused not at all, and what got no answer either once or not at all. Gives one line for each violation.
 */
export async function auditSessions(
  reader: PrometheusReader,
  entries: readonly LedgerEntry[],
  options: Omit<SumOptions, "by">,
): Promise<string[]> {
  const stored = await reader.sumOf(metrics.cost.prometheus, { ...options, by: ["session_id"] });
  const violations = entries.flatMap(({ session, amounts, outcome, statuses }) => {
    const found = stored.get(session) ?? 0;
    stored.delete(session);
    const sent = amounts.costMicroUsd / 1e6;
    const allowed = outcome === "accepted" ? [sent] : outcome === "refused" ? [0] : [0, sent];
    return allowed.some((amount) => sameAmount(amount, found))
      ? []
      : [`${session}: ${outcome} (answers ${statuses.join(", ")}), sent ${sent} USD, stored ${found} USD`];
  });
  return [...violations, ...[...stored.keys()].map((session) => `${session}: stored but never sent`)];
}
