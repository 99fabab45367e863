import { selfMetrics } from "../../../dashboards/self-telemetry";
import { type History, span } from "../alert-history";
import type { AlertCase } from "./case";
import { withLabel } from "./pipeline";

const { collector } = selfMetrics;

function answers(store: string, up: (minute: number) => number) {
  return (history: History): void => {
    history.scraped(`up{instance="0",job="${store}"}`, up);
  };
}

/** Counters that appear with their first event, and stay. */
function appear(counters: readonly string[], ago: number) {
  return (history: History): void => {
    counters.forEach((counter, index) => {
      history.scraped(withLabel(counter, `instance="${index}"`), () => 3 + index, history.at - ago);
    });
  };
}

function down(store: string): AlertCase[] {
  const uid = `claude-health-${store}-down`;
  return [
    { uid, where: "it does not answer", fires: [{ value: 1 }], history: answers(store, () => 0) },
    {
      uid,
      where: "it is no target, and the collectors are",
      fires: [{ value: 1 }],
      history: answers("otel-collector", () => 1),
    },
    // A scrape each minute for six hours: the last but two found it restarting.
    { uid, where: "it was restarted", fires: [], history: answers(store, (minute) => (minute === 358 ? 0 : 1)) },
  ];
}

function lost(uid: string, counters: readonly string[]): AlertCase[] {
  return [
    {
      uid,
      where: "the first ones are lost: the counters appear",
      fires: [{ value: 7 }],
      history: appear(counters, 5 * span.minute),
    },
    { uid, where: "the last ones were lost an hour ago", fires: [], history: appear(counters, span.hour) },
  ];
}

/** Histories of the stores of events and traces, and of what does not reach them. */
export const storeCases: readonly AlertCase[] = [
  ...down("loki"),
  ...down("tempo"),
  ...lost("claude-loss-events-refused", [collector.refusedEvents, collector.refusedSpans]),
  ...lost("claude-loss-events-failed", [collector.failedEvents, collector.failedSpans]),
];
