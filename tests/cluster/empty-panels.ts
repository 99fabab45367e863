import { deployedStack } from "../../cli/deployed";
import { PrometheusApi } from "../../cli/prometheus-api";
import { inCluster } from "../../cli/prometheus-in-cluster";
import { dashboardOptions } from "../../config/dashboards";
import { allDashboards } from "../../dashboards/dashboards";
import { entriesOf, type Entry, type LogsCapture } from "../../lab/standins/loki/entries";
import { evaluateLogs, loadLogParser } from "../../lab/standins/loki/logql";
import { demo } from "../../synthetic/demo";
import { payload } from "../../synthetic/payload";
import { metrics } from "../../telemetry/client-metrics";
import { labels } from "../../telemetry/labels";
import { hour, hourMs } from "../../units";
import { parsedDashboard, type Target, targetsTo } from "../unit/dashboards/dashboard-model";
import { interpolated } from "../unit/dashboards/grafana-variables";

/** Ranges that are looked at: a panel of today has its own. A curve is asked for every hour of its last day. */
const ranges = { week: "5m", today: "day" } as const;
const hours = Array.from({ length: 24 }, (_, index) => index);

/**
 * Panels of stack dev's dashboards that show nothing over the last seven days, after a demo: each asks Prometheus in the
 * cluster, or the stand-in for Loki, which holds a demo's events.
 */
export async function emptyPanels(): Promise<string[]> {
  await loadLogParser();
  const { config, location } = deployedStack("dev");
  const prometheus = new PrometheusApi(inCluster(location));
  const now = Date.now();
  const entries = demoEntries(now);
  const picked = {
    metrics: await dearestSession(prometheus),
    events: entries.find(({ fields }) => fields["event_name"] === "compaction")?.fields[labels.session] ?? "",
  };
  const filled = new Map<string, boolean>();
  for (const dashboard of allDashboards(dashboardOptions(config)).map(parsedDashboard)) {
    const ofLogs = targetsTo(dashboard, "loki").map((one) => ({ ...one, isLog: true }));
    const ofMetrics = targetsTo(dashboard, "prometheus").map((one) => ({ ...one, isLog: false }));
    for (const { panel, target, isLog } of [...ofMetrics, ...ofLogs]) {
      const session = [isLog ? picked.events : picked.metrics];
      const range = panel.timeFrom === "now/d" ? ranges.today : ranges.week;
      const query = interpolated(target.expr, dashboard, range, { session, text: [""], event: [".*"] });
      const found = isLog ? answers(query, entries, now) : await hasData(prometheus, query, target);
      const name = `${dashboard.title}: ${panel.title}`;
      filled.set(name, found || filled.get(name) === true);
    }
  }
  return [...filled].flatMap(([name, found]) => (found ? [] : [name]));
}

/** Of one day: the stand-in reads all of them for each query. */
function demoEntries(now: number): Entry[] {
  const exports = demo({ seed: 1, now, days: 1 }).processes.flat();
  return exports.flatMap((one) => (one.signal === "logs" ? entriesOf(JSON.parse(payload(one)) as LogsCapture) : []));
}

async function dearestSession(prometheus: PrometheusApi): Promise<string> {
  const spent = `sum by (${labels.session}) (sum_over_time(${metrics.cost.prometheus}[12h]))`;
  return (await prometheus.query(`topk(1, ${spent})`))[0]?.labels[labels.session] ?? "";
}

async function hasData(prometheus: PrometheusApi, query: string, { instant }: Target): Promise<boolean> {
  const end = Math.floor(Date.now() / 1000);
  const answer =
    instant === true
      ? await prometheus.query(query)
      : await prometheus.queryRange(query, { start: end - 24 * hour, end, step: hour / 4 });
  return answer.length > 0;
}

function answers(query: string, entries: readonly Entry[], now: number): boolean {
  return hours.some((hoursAgo) => [...evaluateLogs(query, entries, now - hoursAgo * hourMs)].length > 0);
}

/** Panels that may be empty on a dev stack after a demo: nothing of the kind happened, or a day is not checked yet. */
export const emptyInDev: readonly string[] = [
  "Claude Code spend: Tokens without a price",
  "Claude Code adoption and outcome: Stopped reporting",
  // Everybody who works is charged, and has a name.
  "Claude Code adoption and outcome: Active without cost",
  "Claude Code adoption and outcome: People without a name",
  "Can I trust this?: Telemetry of other agents",
  "Can I trust this?: Failed sends",
  "Can I trust this?: Roll-ups that differ",
  "Can I trust this?: Differences of roll-ups",
  "Can I trust this?: Sessions whose ledgers differ, last 24 hours",
  "Can I trust this?: Events and spans lost on the way",
];
