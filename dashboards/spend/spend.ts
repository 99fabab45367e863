import { BigValueTextMode } from "@grafana/grafana-foundation-sdk/common";

import { week } from "../../units";
import { type DashboardModel, dashboardModel } from "../kit/dashboard";
import { thresholds } from "../kit/defaults";
import { line, type PanelGroup, panelGroup } from "../kit/layout";
import { column, legendOf, PanelFactory } from "../kit/panels";
import { units } from "../kit/units";
import { allFilters, filterMatchers as matchers } from "../kit/variables";
import type { DashboardOptions, Plan } from "../options";
import { amount, range, top, withRemainder } from "../queries/amount";
import { billedAs, guessed } from "../queries/billing";
import { change, cost, monthForecast, onlyNow, seatsCost, sessionCosts } from "../queries/cost";
import { cacheSavings, highestCost, lowestCost, outsideCost, unpricedTokens } from "../queries/prices";
import type { Matchers } from "../queries/selector";
import { users } from "../queries/usage";
import { type Signal, signals } from "../signals";
import { longestMonth, sourceFor } from "../sources";
import { labels } from "../../telemetry/labels";
import { pricesOf, priceTable } from "../../telemetry/prices";
import type { PanelText } from "../text/text";

/** The dashboard about money. */
export const spendUid = "claude-code-spend";

/** Most groups that a ranking shows. */
const longestRanking = 20;

/** Distribution of the cost, forecast, and checks of the client's figures. */
export function spendDashboard(options: DashboardOptions): DashboardModel {
  const { plan } = options;
  const groups = [
    month(options),
    breakdown(options),
    prices(options),
    ...(plan.seats === undefined ? [] : [seats(plan.seats, options)]),
  ];
  return dashboardModel(
    { uid: spendUid, words: options.text.spend, from: "now-7d", refresh: "5m", groups, filters: allFilters },
    options,
  );
}

/** The group that answers "what will this month come to?". */
function month(options: DashboardOptions): PanelGroup {
  const words = options.text.spend.month;
  const panels = new PanelFactory(options);
  const { monthlyBudget, plan } = options;
  const source = sourceFor(longestMonth, options);
  const ofMonth = (expression: string) => onlyNow(expression, longestMonth);
  const metered = { matchers: [...matchers, ...billedAs("metered", plan)], source };
  const bySeat = { matchers: [...matchers, ...billedAs("seat", plan)], source };
  const monthToDate = cost(range, metered);
  const forecast = (deviations: number, legend: string) => ({
    expr: ofMonth(monthForecast(deviations, metered)),
    legend,
  });
  const { low, expected, high } = words.forecast;
  const budgetUsed = (budget: number) => {
    const used = panels.stat(words.budgetUsed, units.share, ofMonth(`${monthToDate} / ${budget}`));
    return thresholds(used, { warning: 0.8, bad: 1 }).timeFrom("now/M");
  };
  const ofWeek = { matchers, source: sourceFor(week, options) };
  const lastSevenDays = cost("7d", ofWeek);
  const sevenDaysBefore = cost("7d", { ...ofWeek, offset: week });
  return panelGroup(words.row, 100, [
    line(4, [
      panels
        .stats(words.monthToDate, units.usd, [
          { expr: ofMonth(monthToDate), legend: options.text.spend.metered },
          { expr: ofMonth(cost(range, bySeat)), legend: options.text.spend.bySeat },
          {
            expr: ofMonth(cost(range, { matchers: [...matchers, ...guessed], source })),
            legend: options.text.spend.guessed,
          },
        ])
        // Also where there is one of the two: the name says which.
        .textMode(BigValueTextMode.ValueAndName)
        .timeFrom("now/M"),
      panels
        .stats(words.forecast, units.usd, [forecast(-2, low), forecast(0, expected), forecast(2, high)])
        .timeFrom("now/M"),
      monthlyBudget === undefined ? panels.hint(words.budgetUsed, words.budgetUsed.off) : budgetUsed(monthlyBudget),
    ]),
    line(4, [
      panels.total(words.lastSevenDays, units.usd, lastSevenDays),
      panels.total(words.sevenDaysBefore, units.usd, sevenDaysBefore),
      panels.stat(words.weekChange, units.share, change(lastSevenDays, sevenDaysBefore)),
    ]),
  ]);
}

/** The group that answers "who and what is it spent on?". */
function breakdown(options: DashboardOptions): PanelGroup {
  const words = options.text.spend.breakdown;
  const panels = new PanelFactory(options);
  const { notSet, notAttributed } = options.text.spend;
  const by = (text: PanelText, label: string, signal: Signal, remainder: string) => {
    const spent = withRemainder(amount(signal, range, { matchers, by: [label] }), label, remainder);
    return panels.ranking(text, units.usd, top(longestRanking, spent), legendOf(label));
  };
  const billing = (text: PanelText, label: string, title: string) => {
    const of = (picked: Matchers) =>
      withRemainder(cost(range, { matchers: [...matchers, ...picked], by: [label] }), label, notSet);
    return panels.table(text, { [label]: title }, [
      column(options.text.spend.metered, units.usd, of(billedAs("metered", options.plan))),
      column(options.text.spend.bySeat, units.usd, of(billedAs("seat", options.plan))),
      column(options.text.spend.guessed, units.usd, of(guessed)),
    ]);
  };
  const { columns } = words.topSessions;
  const sessionKeys = {
    [labels.session]: columns.session,
    [labels.user]: columns.user,
    [labels.team]: columns.team,
    [labels.repository]: columns.repository,
  };
  return panelGroup(words.row, 200, [
    line(8, [
      by(words.team, labels.team, signals.cost, notSet),
      by(words.user, labels.user, signals.cost, notSet),
      by(words.repository, labels.repository, signals.cost, notAttributed),
      by(words.source, labels.querySource, signals.attributedCost, notAttributed),
    ]),
    line(8, [
      by(words.skill, labels.skill, signals.attributedCost, notAttributed),
      by(words.agent, labels.agent, signals.attributedCost, notAttributed),
      by(words.plugin, labels.plugin, signals.attributedCost, notAttributed),
      by(words.effort, labels.effort, signals.attributedCost, notAttributed),
    ]),
    line(9, [
      panels.table(words.topSessions, sessionKeys, [
        column(columns.cost, units.usd, top(longestRanking, sessionCosts("24h", matchers))),
      ]),
    ]),
    line(9, [
      billing(words.billingByTeam, labels.team, columns.team),
      billing(words.billingByUser, labels.user, columns.user),
    ]),
  ]);
}

/** The group that answers "do the client's figures agree with the price list?". */
function prices(options: DashboardOptions): PanelGroup {
  const words = options.text.spend.prices;
  const panels = new PanelFactory(options);
  const { ownPrices } = options;
  const known = pricesOf(ownPrices);
  const byModel = cost(range, { matchers, by: [labels.model] });
  const lowest = lowestCost(known, range, { matchers });
  const highest = highestCost(known, range, { matchers });
  const { columns } = words.comparison;
  const row = ownPrices === undefined ? words.row : words.ownRow;
  return panelGroup(`${row} (${priceTable.asOf})`, 300, [
    line(8, [
      panels.stat(words.cacheSavings, units.usd, cacheSavings(known, range, { matchers })),
      panels.ranking(words.unpriced, units.count, unpricedTokens(known, range, { matchers }), legendOf(labels.model)),
      panels.table(words.comparison, { [labels.model]: columns.model }, [
        column(columns.client, units.usd, byModel),
        column(columns.lowest, units.usd, lowest),
        column(columns.highest, units.usd, highest),
        column(columns.outside, units.usd, outsideCost(byModel, lowest, highest)),
      ]),
    ]),
  ]);
}

/** The group that answers "are the seats worth it?", for organisations that say how many they pay for. */
function seats(paid: NonNullable<Plan["seats"]>, options: DashboardOptions): PanelGroup {
  const words = options.text.spend.seats;
  const panels = new PanelFactory(options);
  const bySeat = { matchers: [...matchers, ...billedAs("seat", options.plan)] };
  const value = cost(range, bySeat);
  const price = seatsCost(paid.count * paid.price);
  return panelGroup(words.row, 400, [
    line(4, [
      panels.total(words.value, units.usd, value),
      panels.stat(words.cost, units.usd, price),
      panels.stat(words.factor, units.count, `${value} / ${price}`),
      panels.stat(words.used, units.share, `${users(range, bySeat)} / ${paid.count}`),
    ]),
  ]);
}
