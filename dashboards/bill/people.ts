import { columnInWords } from "../kit/defaults";
import { line, type PanelGroup, panelGroup } from "../kit/layout";
import { column, PanelFactory } from "../kit/panels";
import { units } from "../kit/units";
import type { DashboardOptions } from "../options";
import {
  actual,
  becauseOf,
  charged,
  coverage,
  coverageOfPeople,
  inRange,
  missingOfPeople,
  perInterval,
  reasonsOfPeople,
  toNobody,
  toPeople,
} from "../queries/bill";
import type { Matchers } from "../queries/selector";
import { billLabels, billMetrics, billReasons } from "../../telemetry/bill";
import { labels } from "../../telemetry/labels";
import { wholeDay } from "./words";

/** The group that answers "whose use does telemetry miss?". */
export function people(matchers: Matchers, options: DashboardOptions): PanelGroup {
  const { people: words } = options.text.bill;
  const panels = new PanelFactory(options);
  const { users, silent, keys } = words;
  const by = [labels.user, labels.team];
  const ofDifference = (reasons: Matchers) =>
    inRange(billMetrics.difference, { matchers: [...matchers, ...reasons], by });
  const ofKeys = inRange(billMetrics.charged, {
    matchers: [...matchers, ...toNobody],
    by: [labels.user, billLabels.workspace, billLabels.chargedTo],
  });
  const userKeys = { [labels.user]: users.columns.user, [labels.team]: users.columns.team };
  const keyKeys = {
    [labels.user]: keys.columns.key,
    [billLabels.workspace]: keys.columns.workspace,
    [billLabels.chargedTo]: keys.columns.kind,
  };
  const daily = { expr: coverage(perInterval, { matchers }), legend: words.daily.title };
  return panelGroup(words.row, 300, [
    line(8, [
      panels.series(words.daily, units.share, [daily], wholeDay),
      panels.table(silent, { [labels.user]: silent.columns.user, [labels.team]: silent.columns.team }, [
        column(silent.columns.usd, units.usd, actual(ofDifference(becauseOf(billReasons.notReporting)))),
      ]),
    ]),
    line(9, [
      panels.table(users, userKeys, [
        column(users.columns.missing, units.usd, missingOfPeople(matchers)),
        column(users.columns.charged, units.usd, charged(inRange, { matchers: [...matchers, ...toPeople], by })),
        column(users.columns.reported, units.usd, inRange(billMetrics.reported, { matchers, by })),
        column(users.columns.difference, units.usd, ofDifference(becauseOf(...reasonsOfPeople))),
        column(users.columns.coverage, units.share, coverageOfPeople(matchers)),
      ]),
    ]),
    line(8, [
      columnInWords(
        panels.table(keys, keyKeys, [column(keys.columns.usd, units.usd, actual(ofKeys))]),
        keys.columns.kind,
        keys.kinds,
      ),
    ]),
  ]);
}
