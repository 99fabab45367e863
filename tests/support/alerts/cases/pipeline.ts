import { selfMetrics } from "../../../../telemetry/self-metrics";
import { signals } from "../../../../dashboards/signals";
import { type History, span } from "../alert-history";
import { type AlertCase, instant } from "./case";

const { collector, prometheus } = selfMetrics;

/** A series of a metric, or of a selector with labels. */
export function withLabel(selector: string, label: string): string {
  return selector.includes("{") ? selector.replace("}", `,${label}}`) : `${selector}{${label}}`;
}

const growing = (minute: number): number => 10 * minute;
const constant = (value: number) => (): number => value;
const onCollector = (metric: string, index = 0): string => withLabel(metric, `instance="collector-${index}"`);
const up = (job: string, index = 0): string => `up{instance="${index}",job="${job}"}`;

/** The last request long before, so that it is known that somebody works here. */
function lastSeen(ago: number) {
  return (history: History): void => {
    history.spend(1, history.at - ago);
  };
}

/** A counter that appears with its first event, as all of them do, and stays. */
function appears(series: string, value: number, ago: number) {
  return (history: History): void => {
    history.scraped(series, constant(value), history.at - ago);
  };
}

function queue(...used: readonly number[]) {
  return (history: History): void => {
    used.forEach((share, index) => {
      history.scraped(onCollector(collector.queueSize, index), constant(share * 1000));
      history.scraped(onCollector(collector.queueCapacity, index), constant(1000));
    });
  };
}

function lost(uid: string, series: string): AlertCase[] {
  return [
    {
      uid,
      where: "the first ones are lost: the counter appears",
      fires: [{ value: 7 }],
      history: appears(series, 7, 5 * span.minute),
    },
    { uid, where: "the last ones were lost an hour ago", fires: [], history: appears(series, 7, span.hour) },
  ];
}

/** A collector's start, and what the check of its queues had found. */
function startedWith(damaged: string, ago: number) {
  return (history: History): void => {
    const job = 'job="otel-collector"';
    history.scraped(onCollector(withLabel(`target_info{${job}}`, `damaged_queues="${damaged}"`)), constant(1));
    history.scraped(onCollector(`${collector.uptime}{${job}}`), constant(ago));
  };
}

const undamaged = { uid: "claude-loss-queues-damaged", fires: [] } as const;
const nothing = { uid: "claude-arrival-nothing", fires: [] } as const;
const tooOld = `${prometheus.tooOldSamples}{type="float"}`;
const refusedRequests = prometheus.refusedRequests
  .replace(/handler=~"[^"]*"/, `handler="/api/v1/write"`)
  .replace(`code=~"4.."`, `code="400"`);

/** Histories of data that does not arrive, and of the health of what should take it. */
export const pipelineCases: readonly AlertCase[] = [
  {
    uid: "claude-arrival-nothing",
    where: "the last request of the week was on Tuesday, and it is Wednesday afternoon",
    fires: [{ value: 1 }],
    history: lastSeen(20 * span.hour),
  },
  { ...nothing, where: "a request came an hour ago", history: lastSeen(span.hour) },
  {
    ...nothing,
    where: "a session runs, though no request succeeded",
    history: (history) => {
      lastSeen(span.day)(history);
      history.report(signals.activeTime, { user: "alice", type: "user" }, history.at - 20 * span.minute, 5);
    },
  },
  { ...nothing, where: "nobody has worked for more than a week", history: lastSeen(9 * span.day) },
  { ...nothing, where: "it is Saturday", at: instant("2024-06-15T14:30:00Z"), history: lastSeen(20 * span.hour) },
  {
    ...nothing,
    where: "work began an hour ago, in the zone's own time",
    at: instant("2024-09-11T08:00:00Z"),
    timeZone: "Europe/Berlin",
    history: lastSeen(20 * span.hour),
  },
  {
    uid: "claude-arrival-events",
    where: "metrics go on, and the events' counter stands still",
    fires: [{ value: 1 }],
    history: (history) =>
      history
        .scraped(onCollector(collector.acceptedPoints), growing)
        .scraped(onCollector(collector.acceptedEvents), constant(500)),
  },
  {
    uid: "claude-arrival-events",
    where: "the first events came after a restart of the collector",
    fires: [],
    history: (history) => {
      history.scraped(onCollector(collector.acceptedPoints), growing);
      appears(onCollector(collector.acceptedEvents), 12, span.hour)(history);
    },
  },
  {
    uid: "claude-arrival-metrics",
    where: "events go on, and there are no metrics",
    fires: [{ value: 1 }],
    history: (history) => history.scraped(onCollector(collector.acceptedEvents), growing),
  },
  {
    uid: "claude-arrival-metrics",
    where: "neither comes",
    fires: [],
    history: (history) =>
      history
        .scraped(onCollector(collector.acceptedPoints), constant(900))
        .scraped(onCollector(collector.acceptedEvents), constant(500)),
  },
  {
    uid: "claude-health-collector-missing",
    where: "one of two is a target",
    fires: [{ value: 1 }],
    history: (history) => history.scraped(up("otel-collector"), constant(1)),
  },
  {
    uid: "claude-health-collector-missing",
    where: "both answer, after one was restarted two minutes ago",
    fires: [],
    history: (history) =>
      history
        .scraped(up("otel-collector", 0), constant(1))
        .scraped(up("otel-collector", 1), (minute) => (minute === 358 ? 0 : 1)),
  },
  {
    uid: "claude-loss-queues-damaged",
    where: "a collector found two of its queues damaged when it started an hour ago",
    fires: [{ labels: { instance: "collector-0", damaged_queues: "2 a b" }, value: 1 }],
    history: startedWith("2 a b", span.hour),
  },
  { ...undamaged, where: "it found none", history: startedWith("none", span.hour) },
  { ...undamaged, where: "that was two days ago", history: startedWith("2 a b", 2 * span.day) },
  { ...undamaged, where: "it is of a release without the check", history: startedWith("", span.hour) },
  {
    uid: "claude-health-collectors-down",
    where: "one does not answer, and one is no target",
    fires: [{ value: 1 }],
    history: (history) => history.scraped(up("otel-collector"), constant(0)),
  },
  {
    uid: "claude-health-collectors-down",
    where: "one of two answers",
    fires: [],
    history: (history) =>
      history.scraped(up("otel-collector", 0), constant(0)).scraped(up("otel-collector", 1), constant(1)),
  },
  {
    uid: "claude-health-prometheus-down",
    where: "it has stored nothing of itself for a quarter of an hour",
    fires: [{ value: 1 }],
    history: (history) =>
      history.scraped(up("prometheus"), constant(1), history.at - span.hour, history.at - 15 * span.minute),
  },
  {
    uid: "claude-health-prometheus-down",
    where: "it stores its own metrics",
    fires: [],
    history: (history) => history.scraped(up("prometheus"), constant(1)),
  },
  {
    uid: "claude-health-queue-filling",
    where: "one of two queues is 60 % full",
    fires: [{ value: 0.6 }],
    history: queue(0.1, 0.6),
  },
  { uid: "claude-health-queue-filling", where: "both are half full", fires: [], history: queue(0.5, 0.5) },
  { uid: "claude-health-queue-full", where: "a queue is 85 % full", fires: [{ value: 0.85 }], history: queue(0.85) },
  { uid: "claude-health-queue-full", where: "a queue is 80 % full", fires: [], history: queue(0.8) },
  ...lost("claude-loss-collector-refuses", onCollector(collector.refusedPoints)),
  ...lost("claude-loss-sends-failed", onCollector(collector.failedPoints)),
  ...lost("claude-loss-samples-refused", refusedRequests),
  {
    uid: "claude-loss-samples-refused",
    where: "requests and samples are refused",
    fires: [{ value: 9 }],
    history: (history) => {
      appears(refusedRequests, 2, 5 * span.minute)(history);
      appears(tooOld, 7, 3 * span.minute)(history);
    },
  },
];
