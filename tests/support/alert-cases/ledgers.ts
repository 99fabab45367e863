import { rollupNames } from "../../../dashboards/rollups/levels";
import { signals } from "../../../dashboards/telemetry";
import { type History, span } from "../alert-history";
import type { AlertCase } from "./case";

/** The result of the hourly check, half an hour ago. */
function checked(raw: number, fine: number, coarse: number) {
  return (history: History): void => {
    const at = history.at - 30 * span.minute;
    const signal = { [rollupNames.signal]: "cost" };
    history.add(rollupNames.checkRaw, signal, at, raw);
    history.add(rollupNames.checkRollup, { ...signal, [rollupNames.step]: "5m" }, at, fine);
    history.add(rollupNames.checkRollup, { ...signal, [rollupNames.step]: "1h" }, at, coarse);
  };
}

/** A model's cost by the client, and what its tokens come to at 3 USD per million of input and 15 of output. */
function priced(model: string, usd: number, byTable: number) {
  return (history: History): void => {
    const at = history.at - 2 * span.day;
    history.spend(usd, at, { model });
    const tokens = { user: "alice", model };
    history.report(signals.tokens, { ...tokens, type: "input" }, at, ((byTable / 2) * 1e6) / 3);
    history.report(signals.tokens, { ...tokens, type: "output" }, at, ((byTable / 2) * 1e6) / 15);
  };
}

/** Histories of numbers that should agree. */
export const ledgerCases: readonly AlertCase[] = [
  {
    uid: "claude-ledger-rollups",
    where: "the hourly roll-up lacks half a dollar",
    fires: [{ labels: { signal: "cost", rollup_step: "1h" }, value: 0.5 }],
    history: checked(100, 100, 99.5),
  },
  {
    uid: "claude-ledger-rollups",
    where: "sums differ by rounding",
    fires: [],
    history: checked(100, 100.0000001, 99.9999999),
  },
  {
    uid: "claude-ledger-prices",
    where: "a model costs a tenth less by the table",
    fires: [{ labels: { model: "claude-sonnet-4-5-20250929" }, value: 0.1 }],
    history: (history) => {
      priced("claude-sonnet-4-5-20250929", 1000, 900)(history);
      priced("claude-sonnet-4-6", 1000, 1000)(history);
    },
  },
  {
    uid: "claude-ledger-prices",
    where: "the difference is below 5 %, small in USD, or of a model without a price",
    fires: [],
    history: (history) => {
      priced("claude-sonnet-4-5", 2000, 1920)(history);
      priced("claude-sonnet-4-6", 400, 360)(history);
      priced("claude-unknown-9", 1000, 10)(history);
    },
  },
];
