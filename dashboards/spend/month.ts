import type { PanelGroup } from "../kit/layout";
import type { DashboardOptions } from "../options";
import { thresholds } from "../kit/defaults";
import { PanelFactory } from "../kit/panels";
import { change, cost, monthForecast, onlyNow } from "../queries/cost";
import { longestMonth, sourceFor } from "../sources";
import { units } from "../kit/units";
import { filterMatchers as matchers } from "../kit/variables";
import { week } from "../../units";

/** The group that answers "what will this month come to?". */
export function month(options: DashboardOptions): PanelGroup {
  const words = options.text.spend.month;
  const panels = new PanelFactory(options);
  const source = sourceFor(longestMonth, options);
  const monthToDate = cost("$__range", { matchers, source });
  const ofWeek = { matchers, source: sourceFor(week, options) };
  const lastSevenDays = cost("7d", ofWeek);
  const sevenDaysBefore = cost("7d", { ...ofWeek, offset: "7d" });
  const ofMonth = (expression: string) => onlyNow(expression, longestMonth);
  return {
    title: words.row,
    firstId: 100,
    lines: [
      {
        height: 4,
        panels: [
          panels.stat(words.monthToDate, units.usd, ofMonth(monthToDate)).timeFrom("now/M"),
          panels
            .stats(words.forecast, units.usd, [
              { expr: ofMonth(monthForecast(-2, { matchers, source })), legend: words.forecast.low },
              { expr: ofMonth(monthForecast(0, { matchers, source })), legend: words.forecast.expected },
              { expr: ofMonth(monthForecast(2, { matchers, source })), legend: words.forecast.high },
            ])
            .timeFrom("now/M"),
          options.monthlyBudget === undefined
            ? panels.hint(words.budgetUsed, words.budgetUsed.off)
            : thresholds(
                panels.stat(words.budgetUsed, units.share, ofMonth(`${monthToDate} / ${options.monthlyBudget}`)),
                { warning: 0.8, bad: 1 },
              ).timeFrom("now/M"),
        ],
      },
      {
        height: 4,
        panels: [
          panels.total(words.lastSevenDays, units.usd, lastSevenDays),
          panels.total(words.sevenDaysBefore, units.usd, sevenDaysBefore),
          panels.stat(words.weekChange, units.share, change(lastSevenDays, sevenDaysBefore)),
        ],
      },
    ],
  };
}
