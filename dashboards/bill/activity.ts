import { columnInWords } from "../kit/defaults";
import { line, type PanelGroup, panelGroup } from "../kit/layout";
import { column, legendOf, PanelFactory } from "../kit/panels";
import { units } from "../kit/units";
import type { DashboardOptions } from "../options";
import { amount, range } from "../queries/amount";
import { inRange, ofDay, sessionsOfSilent } from "../queries/bill";
import type { Matchers } from "../queries/selector";
import { changedLines } from "../queries/usage";
import { signals } from "../signals";
import { billActivities, type BillActivity, billLabels, billMetrics, billSeatStates } from "../../telemetry/bill";
import { labels } from "../../telemetry/labels";
import { wholeDay, wordsOf } from "./words";

/** The group that answers "does the provider count the same use, and are the seats used?". */
export function activity(matchers: Matchers, options: DashboardOptions): PanelGroup {
  const { activity: words } = options.text.bill;
  const panels = new PanelFactory(options);
  const { counts, seats, silent } = words;
  const byDecision = [labels.tool, labels.decision];
  const decisions = inRange(billMetrics.toolDecisions, { by: byDecision });
  const ofProvider = inRange(billMetrics.activity, { matchers, by: [billLabels.activity] });
  const { bought, used } = billSeatStates;
  const seatsIn = (state: string) => ofDay(billMetrics.seats, { matchers: [`${billLabels.state}="${state}"`] });
  return panelGroup(words.row, 500, [
    line(8, [
      columnInWords(
        panels.table(counts, { [billLabels.activity]: counts.columns.activity }, [
          column(counts.columns.provider, units.count, ofProvider),
          column(counts.columns.clients, units.count, countedByClients(matchers)),
        ]),
        counts.columns.activity,
        wordsOf(billActivities, (key) => counts.names[key]),
      ),
      panels.ranking(words.decisions, units.count, decisions, legendOf(...byDecision)),
    ]),
    line(8, [
      panels.series(
        seats,
        units.count,
        [
          { expr: seatsIn(bought), legend: seats.bought },
          { expr: seatsIn(used), legend: seats.used },
          { expr: `${seatsIn(bought)} - (${seatsIn(used)} or ${seatsIn(bought)} * 0)`, legend: seats.unused },
        ],
        wholeDay,
      ),
      panels.table(silent, { [labels.user]: silent.columns.user, [labels.team]: silent.columns.team }, [
        column(silent.columns.sessions, units.count, sessionsOfSilent(matchers)),
      ]),
    ]),
  ]);
}

/** The clients' own counts, under the provider's names. */
function countedByClients(matchers: Matchers): string {
  const own = { matchers };
  const counts: Readonly<Record<BillActivity, string>> = {
    sessions: amount(signals.sessions, range, own),
    lines_added: changedLines("added", range, own),
    lines_removed: changedLines("removed", range, own),
    commits: amount(signals.commits, range, own),
    pull_requests: amount(signals.pullRequests, range, own),
  };
  return Object.entries(counts)
    .map(([name, expr]) => `label_replace(${expr}, "${billLabels.activity}", "${name}", "", "")`)
    .join(" or ");
}
