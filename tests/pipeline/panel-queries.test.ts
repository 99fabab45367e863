import { describeQueries } from "../history/check";
import { adoptionExpectations } from "../history/expect-adoption";
import { overviewExpectations } from "../history/expect-overview";
import { requestsExpectations } from "../history/expect-requests";
import { spendExpectations } from "../history/expect-spend";
import { toolsExpectations } from "../history/expect-tools";
import type { TargetExpectation } from "../history/expectation";
import type { Picked } from "../history/grafana";
import { type LoadedHistory, loadHistory } from "../history/load";
import { historyEnd, knownHistory } from "../history/world";
import { rawRangeMs, testedDashboards } from "../history/tested-dashboards";
import { day, hour } from "../../units";

const expectations: Readonly<Record<string, Readonly<Record<string, TargetExpectation>>>> = {
  "claude-code-monitoring-api": overviewExpectations,
  "claude-code-spend": spendExpectations,
  "claude-code-adoption": adoptionExpectations,
  "claude-code-requests": requestsExpectations,
  "claude-code-tools": toolsExpectations,
};

/** Ranges that raw series, five-minute and hourly roll-ups answer. */
const ranges = [
  { name: "the last hour", seconds: 3600 },
  { name: "6 hours", seconds: 6 * hour },
  { name: "24 hours", seconds: 86_400 },
  { name: "7 days", seconds: 7 * day },
  { name: "60 days", seconds: 60 * day },
];
/** Bars that fit a panel: two steps for each range. */
const widths = [300, 40];
const filters: readonly Readonly<Record<string, readonly string[]>>[] = [
  {},
  { user: ["ada@example.com", "0f3a9c"] },
  { team: ["web"], model: ["claude-sonnet-4-5"] },
  { location: ["taipei"], device: ["laptop", "tablet"], repository: ["site"] },
];

describe("every panel's query, on a known history", function () {
  this.timeout(300_000);
  const points = knownHistory();
  let history: LoadedHistory;

  before(async () => {
    history = await loadHistory(points, 80);
  });

  after(async () => {
    await history.stop();
  });

  for (const model of testedDashboards.filter(({ uid }) => uid in expectations)) {
    const data = () => ({ url: history.url, points, rawRangeMs });
    describeQueries(model, expectations[model.uid] ?? {}, pickedViews, data);
  }
});

function pickedViews({ sinceSeconds }: TargetExpectation): Picked[] {
  // A panel with a range of its own ignores the picker's.
  const picks = sinceSeconds === undefined ? ranges.map(({ seconds }) => seconds) : [sinceSeconds];
  return picks.flatMap((rangeSeconds) =>
    filters.flatMap((filter) =>
      widths.map((maxDataPoints) => ({ toMs: historyEnd, rangeSeconds, filters: filter, maxDataPoints })),
    ),
  );
}
