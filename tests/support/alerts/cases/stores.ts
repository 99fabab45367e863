import { selfMetrics } from "../../../../telemetry/self-metrics";
import { type History, span } from "../alert-history";
import type { AlertCase } from "./case";
import { withLabel } from "./pipeline";

const { backup, collector } = selfMetrics;

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

/** Of the stores that are backed up, when each one's newest backup was completed, in hours before; and Prometheus' age. */
function backedUp(hoursAgo: Readonly<Record<string, number>>, ageHours: number) {
  return (history: History): void => {
    history.scraped('up{instance="0",job="prometheus"}', () => 1, history.at - ageHours * span.hour);
    for (const [store, hours] of Object.entries(hoursAgo)) {
      const completed = history.at - hours * span.hour;
      history.add(backup.completed, { job: "backup", store }, completed, completed);
    }
  };
}

const backupMissing: readonly AlertCase[] = [
  {
    where: "one store's newest backup is two days old, and the other's is not",
    fires: [{ labels: { store: "loki" }, value: 1 }],
    history: backedUp({ prometheus: 11, loki: 48 }, 100),
  },
  {
    where: "there never was one",
    fires: ["loki", "prometheus"].map((store) => ({ labels: { store }, value: 1 })),
    history: backedUp({}, 31),
  },
  { where: "the last ones are 29 hours old", fires: [], history: backedUp({ prometheus: 29, loki: 29 }, 100) },
  { where: "the stack is younger than a backup may be", fires: [], history: backedUp({}, 28) },
].map((each) => ({ uid: "claude-health-backup-missing", ...each }));

/** Histories of the stores of events and traces, and of what does not reach them. */
export const storeCases: readonly AlertCase[] = [
  ...down("loki"),
  ...down("tempo"),
  ...backupMissing,
  ...lost("claude-loss-events-refused", [collector.refusedEvents, collector.refusedSpans]),
  ...lost("claude-loss-events-failed", [collector.failedEvents, collector.failedSpans]),
];
