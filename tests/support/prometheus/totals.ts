import { metrics } from "../../../telemetry/client-metrics";
import type { Amounts } from "../compare";
import type { PrometheusReader, SumOptions } from "./prometheus-reader";

/**
 * The amounts that the tests compare, as Prometheus has them: `cost` (USD), `tokens|<type>`, `sessions`,
 * `lines|added`, `lines|removed`, `commits`. What was never reported is absent.
 */
export async function readTotals(reader: PrometheusReader, options: Omit<SumOptions, "by">): Promise<Amounts> {
  const [cost, tokens, sessions, lines, commits] = await Promise.all([
    reader.sumOf(metrics.cost.prometheus, options),
    reader.sumOf(metrics.tokens.prometheus, { ...options, by: ["type"] }),
    reader.sumOf(metrics.sessions.prometheus, options),
    reader.sumOf(metrics.lines.prometheus, { ...options, by: ["type"] }),
    reader.sumOf(metrics.commits.prometheus, options),
  ]);
  return {
    ...named("cost", cost),
    ...named("tokens", tokens),
    ...named("sessions", sessions),
    ...named("lines", lines),
    ...named("commits", commits),
  };
}

function named(name: string, sums: ReadonlyMap<string, number>): Amounts {
  return Object.fromEntries([...sums].map(([key, value]) => [key === "" ? name : `${name}|${key}`, value]));
}
