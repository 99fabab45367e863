import { formatDuration } from "../../units";

/** Label matchers, e.g. `user=~"$user"`. */
export type Matchers = readonly string[];

/** `metric{matchers}`; without braces where there are none. */
export function selector(metric: string, matchers: Matchers = []): string {
  return matchers.length === 0 ? metric : `${metric}{${matchers.join(",")}}`;
}

/** PromQL's offset by seconds, negative ones included; nothing for none. */
export function offsetBy(seconds: number): string {
  return seconds === 0 ? "" : ` offset ${seconds < 0 ? "-" : ""}${formatDuration(Math.abs(seconds))}`;
}
