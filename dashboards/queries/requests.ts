import { labels } from "../../telemetry/labels";
import { type Signal, signals } from "../signals";
import { amount, type AmountOptions, sumBy, trend, type TrendOptions, type Window } from "./amount";
import { share } from "./usage";

/** Query of a signal: over a window, or per interval. */
type Ask = (signal: Signal, by: readonly string[]) => string;

/** Requests, answered or not. A label keeps the two apart until they are added up: either may be missing. */
function all(ask: Ask, by: readonly string[]): string {
  const parts = [signals.requestDurationCount, signals.apiErrors].map(
    (signal, index) => `label_replace(${ask(signal, by)}, "part", "${index}", "", "")`,
  );
  return sumBy(by, parts.join(" or "));
}

function within(window: Window, options: AmountOptions): Ask {
  return (signal, by) => amount(signal, window, { ...options, by });
}

/** Share of requests that were not answered in the end. */
export function errorShare(window: Window, options: AmountOptions = {}): string {
  const { by = [] } = options;
  const ask = within(window, options);
  return share(ask(signals.apiErrors, by), all(ask, by));
}

/** The same of each interval. */
export function errorShareTrend(options: TrendOptions = {}): string {
  const { by = [] } = options;
  const ask: Ask = (signal, kept) => trend(signal, { ...options, by: kept });
  return share(ask(signals.apiErrors, by), all(ask, by));
}

/** Share of all requests that were not answered, by status. */
export function errorShareByStatus(window: Window, options: Omit<AmountOptions, "by"> = {}): string {
  const ask = within(window, options);
  return `${ask(signals.apiErrors, [labels.statusCode])} / on () group_left () (${all(ask, [])} > 0)`;
}

/** Share of answers that were refusals. */
export function refusalShare(window: Window, options: AmountOptions = {}): string {
  return share(amount(signals.refusals, window, options), amount(signals.requestDurationCount, window, options));
}
