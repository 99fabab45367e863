import { cost } from "../queries/cost";
import { highestCost, lowestCost, outsideCost, searchesCost } from "../queries/prices";
import { costWithoutMetrics, lostCost } from "../queries/reconciliation";
import { rollupDifference } from "../queries/trust";
import { labels } from "../../telemetry/labels";
import { type Prices, pricesOf } from "../../telemetry/prices";
import { type Alert, alert, type AlertContext, alertPanels, realUsage } from "./alert";

/** Below any amount that matters (a tenth of a cent, less than a token), above what rounding adds up to in a day. */
const smallestDifference = 0.001;
/** Share of the client's cost that may lie outside of what its tokens may cost. */
const priceTolerance = 0.05;

/** Alerts of numbers that should agree and do not. */
export function ledgerAlerts(context: AlertContext): Alert[] {
  const { rollups, prices } = context.options.text.alerts.ledgers;
  const shared = { topic: "ledger", severity: "warning" } as const;
  return [
    alert(
      {
        ...shared,
        uid: "claude-ledger-rollups",
        words: rollups,
        expr: `abs(${rollupDifference()})`,
        above: smallestDifference,
        runbook: "rollups-differ.md",
        panel: alertPanels.rollupDifference,
      },
      context,
    ),
    alert(
      {
        ...shared,
        uid: "claude-ledger-prices",
        words: prices,
        expr: priceDifference(pricesOf(context.options.ownPrices), context.alertOptions.minimumUsd),
        above: priceTolerance,
        // A request's cost and tokens arrive together, but their roll-ups are written one after the other.
        for: "1h",
        runbook: "prices-differ.md",
        panel: alertPanels.priceComparison,
      },
      context,
    ),
  ];
}

/** Alerts of single sessions whose numbers should agree and do not. */
export function sessionAlerts(context: AlertContext): Alert[] {
  const { events, noMetrics } = context.options.text.alerts.ledgers;
  const options = { matchers: realUsage, intervalSeconds: context.options.metricsIntervalSeconds };
  const shared = {
    severity: "warning",
    topic: "ledger",
    above: smallestDifference,
    // After an outage, what waited arrives in no order.
    for: "1h",
    runbook: "ledgers-disagree.md",
    panel: alertPanels.lostCost,
  } as const;
  return [
    alert({ ...shared, uid: "claude-ledger-events", words: events, expr: lostCost(options) }, context),
    alert({ ...shared, uid: "claude-ledger-metrics", words: noMetrics, expr: costWithoutMetrics(options) }, context),
  ];
}

/** By model: share of the clients' cost outside of what its tokens may cost, if it comes to more than a least amount. */
function priceDifference(prices: Prices, minimumUsd: number): string {
  const options = { source: "1h", matchers: realUsage } as const;
  const client = cost("7d", { ...options, by: [labels.model] });
  const searches = searchesCost(prices, "7d", options);
  const highest = `(${highestCost(prices, "7d", options)} + on () group_left () (${searches}))`;
  return `(abs(${outsideCost(client, lowestCost(prices, "7d", options), highest)}) > ${minimumUsd}) / ${client}`;
}
