import { lokiReference, prometheusDataSource, prometheusReference, tempoReference } from "../dashboards/data-source";
import type { DashboardOptions } from "../dashboards/options";
import type { Text } from "../dashboards/text/text";
import { contractedTexts, texts } from "../dashboards/text/texts";
import { type Budgets, planOf } from "./budgets";
import type { Backup } from "./backup";
import { type Bill, billOptions } from "./bill";
import type { Client } from "./client";
import type { General } from "./general";
import type { Grafana } from "./grafana";
import { ownPrices, type Prices } from "./prices";
import { isDeployed, type Storage } from "./storage";
import * as value from "./values";

export const title = "Dashboards";

export const schema = {
  language: value.oneOf("en", "zh-TW").prefault("en").describe("Language of dashboards and alerts, `en` or `zh-TW`"),
  dashboards: value.group({
    rawRange: value.duration
      .prefault("32d")
      .describe(
        "Ranges up to this are answered from raw series, which are exact to the last minute; longer ones from roll-ups. Less is faster with many sessions",
      ),
    minimumClientVersion: value
      .optional("a version such as 2.1.330", value.whole(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/))
      .describe("Clients older than this are listed as outdated, e.g. `2.1.330`; all versions are without"),
  }),
};

export type Dashboards = value.ValuesOf<typeof schema>;

/** True if Grafana has a data source for a store: it is deployed, or the address of another is set. */
export function isShown(config: General & Grafana & Storage, store: "loki" | "tempo"): boolean {
  return isDeployed(config, store) || config.grafana[`${store}Url`] !== undefined;
}

/** Every word shown, in the stack's language. Prices are named as what they are. */
export function textOf(config: Dashboards & Prices): Text {
  return (ownPrices(config) === undefined ? texts : contractedTexts)[config.language];
}

/** Options of dashboards and alerts. */
export function dashboardOptions(
  config: Backup & Bill & Dashboards & General & Grafana & Storage & Budgets & Client & Prices,
): DashboardOptions {
  return {
    text: textOf(config),
    timeZone: config.timeZone,
    rawRangeSeconds: config.dashboards.rawRange,
    dataSource: prometheusReference(config.grafana.prometheusDataSourceUid ?? prometheusDataSource.uid),
    events: isShown(config, "loki")
      ? { loki: lokiReference, tempo: isShown(config, "tempo") ? tempoReference : undefined }
      : undefined,
    metricsIntervalSeconds: config.client.metricsInterval,
    backups: config.backup.enabled,
    plan: planOf(config),
    ownPrices: ownPrices(config),
    monthlyBudget: config.budgets.monthly,
    minimumClientVersion: config.dashboards.minimumClientVersion,
    bill: billOptions(config),
  };
}
