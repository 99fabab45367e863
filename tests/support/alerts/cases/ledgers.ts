import { rollupNames } from "../../../../dashboards/rollups/levels";
import { distributions, signals } from "../../../../dashboards/signals";
import { type History, span } from "../alert-history";
import type { AlertCase } from "./case";

/** What the hourly check found half an hour ago: roll-ups of the cost less what they are computed from. */
function checked(fine: number, coarse: number) {
  return (history: History): void => {
    for (const [step, difference] of Object.entries({ "5m": fine, "1h": coarse })) {
      for (const scope of ["team", "user", "device"]) {
        const labels = { [rollupNames.signal]: "cost", [rollupNames.scope]: scope, [rollupNames.step]: step };
        const found = scope === "user" ? difference : 0;
        history.add(rollupNames.difference, labels, history.at - 30 * span.minute, found);
      }
    }
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
    where: "the hourly roll-up by user lacks half a dollar",
    fires: [{ labels: { signal: "cost", scope: "user", rollup_step: "1h" }, value: 0.5 }],
    history: checked(0, -0.5),
  },
  {
    uid: "claude-ledger-rollups",
    where: "sums differ by rounding",
    fires: [],
    history: checked(1e-7, -1e-7),
  },
  {
    uid: "claude-ledger-prices",
    where: "a model costs more than all its tokens with inference in the US, another less than plain requests",
    fires: [
      { labels: { model: "claude-sonnet-4-5-20250929" }, value: 0.12 },
      { labels: { model: "claude-sonnet-4" }, value: 0.1 },
    ],
    history: (history) => {
      priced("claude-sonnet-4-5-20250929", 1000, 800)(history);
      priced("claude-sonnet-4-6", 1000, 1000)(history);
      priced("claude-sonnet-4", 1000, 1100)(history);
    },
  },
  {
    uid: "claude-ledger-prices",
    where: "cost lies within what tokens may cost, or little beyond, or is of a model without a price",
    fires: [],
    history: (history) => {
      priced("claude-sonnet-4-5", 2000, 1830)(history);
      priced("claude-sonnet-4-6", 400, 330)(history);
      priced("claude-sonnet-4", 2000, 2080)(history);
      priced("claude-unknown-9", 1000, 10)(history);
    },
  },
  {
    uid: "claude-ledger-prices",
    where: "what is above the highest may be web searches",
    fires: [],
    history: (history) => {
      priced("claude-sonnet-4-5-20250929", 1000, 800)(history);
      // Of eight searches at a cent each: 120 USD.
      const at = history.at - 2 * span.day;
      history.report(distributions.toolDuration.count, { user: "alice", tool_name: "WebSearch" }, at, 1500);
    },
  },
];
