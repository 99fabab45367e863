import type { DataSourceReference } from "./options";
import { entries, eventFields, is } from "./queries/logs";
import { metrics } from "../telemetry/client-metrics";
import { labels } from "../telemetry/labels";

/** The Prometheus data source, declared once through the provider and referred to by every panel. */
export const prometheusDataSource = {
  uid: "claude-code-monitoring-prometheus",
  name: "Claude Code Prometheus",
  /** Clients export once a minute: shorter steps only make gaps. */
  minimumStep: "1m",
} as const;

/** The Loki data source: events. */
export const lokiDataSource = { uid: "claude-code-monitoring-loki", name: "Claude Code Loki" } as const;

/** The Tempo data source: traces. */
export const tempoDataSource = { uid: "claude-code-monitoring-tempo", name: "Claude Code Tempo" } as const;

/** Reference of panels and variables to a Prometheus data source. */
export function prometheusReference(uid: string): DataSourceReference {
  return { type: "prometheus", uid };
}

/** Reference of panels to the Loki data source. */
export const lokiReference: DataSourceReference = { type: "loki", uid: lokiDataSource.uid };

/** Reference of panels to the Tempo data source. */
export const tempoReference: DataSourceReference = { type: "tempo", uid: tempoDataSource.uid };

/** Settings of the Prometheus data source. */
export function prometheusSettings(): object {
  return { httpMethod: "POST", prometheusType: "Prometheus", timeInterval: prometheusDataSource.minimumStep };
}

/**
 * Settings of the Loki data source.
 *
 * @param tempoUid of the data source with the traces that events belong to, if there is one
 */
export function lokiSettings(tempoUid: string | undefined): object {
  return tempoUid === undefined
    ? {}
    : {
        derivedFields: [
          {
            name: eventFields.trace,
            matcherType: "label",
            matcherRegex: `^${eventFields.trace}$`,
            datasourceUid: tempoUid,
            url: "${__value.raw}",
          },
        ],
      };
}

/** A span's events and metrics are sent within this of it: clients export once a minute. */
const around = { spanStartTimeShift: "-5m", spanEndTimeShift: "5m" } as const;

/**
 * Settings of the Tempo data source.
 *
 * @param prometheusUid of the data source with the metrics of a span's session
 * @param lokiUid of the data source with a trace's events, if there is one
 */
export function tempoSettings(prometheusUid: string, lokiUid: string | undefined): object {
  const ofSession = (metric: string, by: string) => ({
    name: metric,
    query: `sum by (${by}) (sum_over_time(${metric}{$__tags}[$__interval]))`,
  });
  return {
    nodeGraph: { enabled: true },
    search: { hide: false },
    ...(lokiUid === undefined ? {} : { tracesToLogsV2: { datasourceUid: lokiUid, ...around, ...eventsOfTrace } }),
    tracesToMetrics: {
      datasourceUid: prometheusUid,
      ...around,
      tags: [{ key: "session.id", value: labels.session }],
      queries: [ofSession(metrics.cost.prometheus, labels.model), ofSession(metrics.tokens.prometheus, labels.type)],
    },
  };
}

const eventsOfTrace = {
  filterByTraceID: false,
  filterBySpanID: false,
  customQuery: true,
  query: entries([is(eventFields.trace, "${__trace.traceId}")]),
} as const;
