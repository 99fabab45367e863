import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import { atLeast, columnInWords, barsBehind, seriesInWords, thresholds } from "../kit/defaults";
import { line, type PanelGroup, panelGroup } from "../kit/layout";
import { column, legendOf, PanelFactory } from "../kit/panels";
import { units } from "../kit/units";
import { type Filter, matchersOf } from "../kit/variables";
import type { BillOptions, DashboardOptions } from "../options";
import {
  becauseOf,
  coverage,
  inRange,
  orZero,
  perInterval,
  reasons as differenceByReason,
  sinceComplete,
} from "../queries/bill";
import { billLabels, billMetrics, billReasons } from "../../telemetry/bill";
import { activity } from "./activity";
import { charges } from "./charges";
import { people } from "./people";
import { job, longestBehind } from "./job";
import { wholeDay, wordsOf } from "./words";

/** The dashboard about the provider's figures. */
export const billUid = "claude-code-bill";

/** The label beside the reason that says what the reason means. */
const explained = "meaning";
/** Labels that figures of money have. */
const filters: readonly Filter[] = ["user", "team"];
const matchers = matchersOf(filters);

/** Charges beside what clients reported. Without a job that reads them, a line says how to have one. */
export function billDashboard(options: DashboardOptions): DashboardModel {
  const { bill, text } = options;
  const shared = { uid: billUid, words: text.bill, from: "now-30d", refresh: "15m" };
  if (bill === undefined) {
    return dashboardModel({ ...shared, groups: [off(options)] }, options);
  }
  const groups = [
    glance(bill, options),
    days(options),
    people(matchers, options),
    charges(matchers, options),
    activity(matchers, options),
    job(options),
  ];
  return dashboardModel({ ...shared, groups, filters, filterSeries: "bill" }, options);
}

function off(options: DashboardOptions): PanelGroup {
  const words = options.text.bill.off;
  const panels = new PanelFactory(options);
  return panelGroup(words.row, 900, [line(4, [panels.hint(words, words.off)])]);
}

/** The group that answers "was everything that is charged seen, and if not, how much was not?". */
function glance(bill: BillOptions, options: DashboardOptions): PanelGroup {
  const { glance: words } = options.text.bill;
  const panels = new PanelFactory(options);
  const { charged, reported, difference } = billMetrics;
  const usd = (text: typeof words.charged, expr: string) => panels.stat(text, units.usd, orZero(expr));
  const unexplained = [...matchers, ...becauseOf(billReasons.unexplained)];
  return panelGroup(options.text.glance, 100, [
    line(4, [
      usd(words.charged, inRange(charged, { matchers })),
      usd(words.reported, inRange(reported, { matchers })),
      usd(words.difference, inRange(difference, { matchers })),
      atLeast(panels.stat(words.coverage, units.share, coverage(inRange, { matchers })), bill.minCoverage),
      usd(words.unexplained, inRange(difference, { matchers: unexplained })),
      thresholds(panels.stat(words.behind, units.seconds, sinceComplete()), { bad: longestBehind }),
    ]),
    line(5, [panels.alertList(words.alerts, ["bill"])]),
  ]);
}

/** The group that answers "why do the two differ?". */
function days(options: DashboardOptions): PanelGroup {
  const { days: words, reasons } = options.text.bill;
  const panels = new PanelFactory(options);
  const { charged, reported, difference } = billMetrics;
  const { columns } = words.reasons;
  const byReason = { matchers, by: [billLabels.reason] };
  const names = wordsOf(billReasons, (key) => reasons[key].name);
  const both = [
    { expr: perInterval(charged, { matchers }), legend: words.both.charged },
    { expr: perInterval(reported, { matchers }), legend: words.both.reported },
  ];
  const table = panels.table(words.reasons, { [billLabels.reason]: columns.reason, [explained]: columns.meaning }, [
    column(columns.usd, units.usd, differenceByReason(matchers, explained)),
  ]);
  columnInWords(table, columns.reason, names);
  columnInWords(
    table,
    columns.meaning,
    wordsOf(billReasons, (key) => reasons[key].meaning),
  );
  return panelGroup(words.row, 200, [
    line(8, [
      barsBehind(panels.series(words.both, units.usd, both, wholeDay), words.both.charged),
      seriesInWords(
        panels.signedBars(
          words.difference,
          units.usd,
          { expr: perInterval(difference, byReason), legend: legendOf(billLabels.reason) },
          wholeDay,
        ),
        names,
      ),
    ]),
    line(9, [table]),
  ]);
}
