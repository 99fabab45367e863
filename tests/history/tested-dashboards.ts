import { allDashboards } from "../../dashboards/dashboards";
import { texts } from "../../dashboards/text/texts";
import { parseModel } from "./grafana";
import { hourMs } from "../../units";

/** Ranges up to this are answered from raw series. */
export const rawRangeMs = 6 * hourMs;

/** All dashboards, with eight seats, a budget of 500 USD and 2.1.320 as the oldest version allowed. */
export const testedDashboards = allDashboards({
  text: texts.en,
  timeZone: "UTC",
  rawRangeSeconds: rawRangeMs / 1000,
  dataSource: { type: "prometheus", uid: "test" },
  plan: { kind: "api", seats: { count: 8, price: 100 } },
  monthlyBudget: 500,
  minimumClientVersion: "2.1.320",
}).map(({ json }) => parseModel(json));
