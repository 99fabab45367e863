import { billMetrics, billTimes } from "../../../telemetry/bill";
import type { Panel } from "./dashboard-model";
import { selectors } from "./promql";

/** Figures of the provider. */
export const figures: ReadonlySet<string> = new Set(Object.values(billMetrics).map(({ prometheus }) => prometheus));

/** Times of the job that reads them. */
export const timesOfBill: ReadonlySet<string> = new Set(Object.values(billTimes).map(({ prometheus }) => prometheus));

const { list, tokens, toolDecisions, seats } = billMetrics;
const ofNobody: ReadonlySet<string> = new Set([list, tokens, toolDecisions, seats].map(({ prometheus }) => prometheus));

/** True for a panel with a figure that names no user. Whatever it is compared with is of everybody, too. */
export function isOfEverybody({ targets = [] }: Panel): boolean {
  return targets.some(({ expr }) => selectors(expr).some(({ metric }) => ofNobody.has(metric)));
}
