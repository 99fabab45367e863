import { metrics } from "../../telemetry/client-metrics";
import { describeQueries } from "../history/check";
import { selfSamples } from "../history/counters";
import { disagreements } from "../history/disagreements";
import { sessionExpectations } from "../history/expect-session";
import { trustExpectations } from "../history/expect-trust";
import { type LoadedHistory, loadHistory } from "../history/load";
import type { Point } from "../history/point";
import { rawRangeMs, testedDashboards } from "../history/tested-dashboards";
import { historyEnd, knownHistory } from "../history/world";
import { hourMs } from "../../units";

/** Arrived after the passes that their windows have had so far. */
const latePoints: readonly Point[] = [3, 4, 5].map((hoursAgo) => ({
  metric: metrics.cost.prometheus,
  labels: { user: "late@example.com", session_id: `late-${hoursAgo}`, model: "claude-sonnet-4-5" },
  timeMs: historyEnd - hoursAgo * hourMs,
  value: 0.125 * hoursAgo,
}));

describe("every query about the monitoring itself and about single sessions, on a known history", function () {
  this.timeout(300_000);
  const points = [...knownHistory(), ...disagreements];
  let history: LoadedHistory;

  before(async () => {
    history = await loadHistory(points, 20, selfSamples(), latePoints);
  });

  after(async () => {
    await history.stop();
  });

  const views = [3600, 86_400].flatMap((rangeSeconds) =>
    [300, 40].map((maxDataPoints) => ({ toMs: historyEnd, rangeSeconds, maxDataPoints })),
  );
  for (const model of testedDashboards.filter(({ uid }) => uid === "claude-code-trust")) {
    const data = () => ({ url: history.url, points, rawRangeMs });
    describeQueries(model, trustExpectations(latePoints), () => views, data);
  }

  // One that runs, one with two processes, one that is over and had subagents, and one without events.
  const sessions = ["ada-now", "0f3a9c-1", "ada@example.com-1", "bo@example.com-0", "rather-not"];
  const ofSessions = [3600, 6 * 3600, 86_400, 3 * 86_400].flatMap((rangeSeconds) =>
    sessions.map((id) => ({ toMs: historyEnd, rangeSeconds, filters: { session: [id] }, maxDataPoints: 300 })),
  );
  for (const model of testedDashboards.filter(({ uid }) => uid === "claude-code-session")) {
    const data = () => ({ url: history.url, points, rawRangeMs });
    describeQueries(model, sessionExpectations, () => ofSessions, data);
  }
});
