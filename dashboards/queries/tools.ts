import { labels } from "../../telemetry/labels";
import { type Signal, signals } from "../signals";
import { amount, type AmountOptions, type Window } from "./amount";
import { share } from "./usage";

function sharing(signal: Signal, window: Window, options: AmountOptions, part: string, whole: readonly string[] = []) {
  const { matchers = [] } = options;
  return share(
    amount(signal, window, { ...options, matchers: [...matchers, part] }),
    amount(signal, window, { ...options, matchers: [...matchers, ...whole] }),
  );
}

/** Share of calls that succeeded, of those that ran. */
export function successShare(window: Window, options: AmountOptions = {}): string {
  return sharing(signals.toolDurationCount, window, options, `${labels.success}="true"`);
}

/** Share of decisions on tools that accept. */
export function acceptShare(window: Window, options: AmountOptions = {}): string {
  return sharing(signals.toolDecisions, window, options, `${labels.decision}="accept"`);
}

/** Share of attempts to connect to an MCP server that failed. Connections that end are none. */
export function failedConnectionShare(window: Window, options: AmountOptions = {}): string {
  const attempts = [`${labels.status}=~"connected|failed"`];
  return sharing(signals.mcpConnections, window, options, `${labels.status}="failed"`, attempts);
}
