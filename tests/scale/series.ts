import type { PrometheusReader } from "../support/prometheus/prometheus-reader";
import { replicaLabel } from "../support/prometheus/thanos";

/** Labels that name the store, not what is in it. */
const ofTheStore: readonly string[] = ["tenant_id", replicaLabel];

/** Every series of a metric in the hour before `at`, with the sum and number of its samples, one to a line. */
export async function seriesOf(reader: PrometheusReader, metric: string, at: number): Promise<string[]> {
  const sums = await reader.query(`sum_over_time(${metric}[1h])`, { at });
  const counts = await reader.query(`count_over_time(${metric}[1h])`, { at });
  const lines = (name: string, samples: typeof sums) =>
    samples.map(({ labels, value }) => {
      const own = Object.entries(labels).filter(([label]) => !ofTheStore.includes(label));
      const sorted = own.sort(([a], [b]) => (a < b ? -1 : 1));
      return `${name} ${JSON.stringify(sorted)} ${value.toPrecision(9)}`;
    });
  return [...lines("sum", sums), ...lines("count", counts)].sort();
}

/** Names of all metrics of clients, without roll-ups, in the last hour. */
export async function metricNames(reader: PrometheusReader): Promise<string[]> {
  const found = await reader.query(`count by (__name__) (last_over_time({__name__=~"claude_code_[^:]*"}[1h]))`);
  return found.map(({ labels }) => labels["__name__"] ?? "").sort();
}
