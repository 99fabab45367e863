import type { Command } from "commander";

import { stackCommand } from "../command";
import { deployedStack } from "../deployed";
import { recompute } from "../recompute/rollups";
import { readSpan } from "../recompute/span";

interface RecomputeOptions {
  readonly from?: string;
  readonly to?: string;
  readonly stack: string;
}

/** Adds `npm run recompute`. */
export function register(monitor: Command): void {
  stackCommand(monitor, "recompute")
    .usage("--from TIME --to TIME [options]")
    .description(
      "Fills the roll-ups of a span from raw samples, where evaluations were missed for longer than the late passes " +
        "wait. Only what is missing is added, so that running it again changes nothing. Ends when Prometheus has read " +
        "what was added, which takes some minutes.",
    )
    .option("--from <time>", "begin, e.g. 2026-03-01T00:00:00Z")
    .option("--to <time>", "end, at least ten minutes ago")
    .action(async ({ from, to, stack }: RecomputeOptions) => {
      const span = readSpan(from, to, Math.floor(Date.now() / 1000));
      await recompute(deployedStack(stack).location, span);
    });
}
