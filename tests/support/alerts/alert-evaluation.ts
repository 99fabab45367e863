import { durationSeconds } from "../../../units";
import type { Alert, AlertGroup } from "../../../dashboards/alerts/alert";
import type { VectorSample } from "../../../cli/prometheus-api";
import type { PrometheusReader } from "../prometheus/prometheus-reader";

/** Most evaluations that are made of a pending period. */
const mostEvaluations = 7;

/**
 * The alerts of a rule that fire at an instant, as Grafana would have it: at every evaluation of the pending period the
 * series' value passes the threshold. No data is what the rule says it is.
 */
export async function firing(
  reader: PrometheusReader,
  rule: Alert,
  { intervalSeconds }: AlertGroup,
  at: number,
): Promise<VectorSample[]> {
  const pending = durationSeconds(rule.for) ?? 0;
  const count = Math.min(Math.ceil(pending / intervalSeconds) + 1, mostEvaluations);
  let firing: VectorSample[] | undefined;
  for (let index = 0; index < count; index += 1) {
    const instant = count === 1 ? at : Math.round(at - pending + (index * pending) / (count - 1));
    const passing = await evaluated(reader, rule, instant);
    // The newest values of those that fired before.
    firing = firing === undefined ? passing : passing.filter(({ labels }) => includes(firing ?? [], labels));
  }
  return firing ?? [];
}

async function evaluated(reader: PrometheusReader, rule: Alert, at: number): Promise<VectorSample[]> {
  const result = await reader.query(rule.expr, { at });
  if (result.length === 0) {
    return rule.noDataState === "Alerting" ? [{ labels: {}, value: Number.NaN }] : [];
  }
  const { type, value: limit } = rule.threshold;
  return result.filter(({ value }) => (type === "gt" ? value > limit : value < limit));
}

function includes(samples: readonly VectorSample[], labels: VectorSample["labels"]): boolean {
  return samples.some((sample) => text(sample.labels) === text(labels));
}

function text(labels: VectorSample["labels"]): string {
  return JSON.stringify(Object.entries(labels).sort());
}
