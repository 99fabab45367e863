import { parseArgs } from "node:util";

import { stackLocation } from "./health";
import { runCommand } from "./progress";
import { recompute } from "./recompute-rollups";
import { readSpan } from "./recompute-span";
import { stackConfig } from "./stack-file";
import { savedTarget } from "./target";

const help = `Usage: npm run recompute -- --from TIME --to TIME [--stack NAME]

Fills the roll-ups of a span from raw samples, where evaluations were missed for longer than the late passes wait.
Only what is missing is added, so that running it again changes nothing. Ends when Prometheus has read what was added,
which takes some minutes.

  --from TIME   begin, e.g. 2026-03-01T00:00:00Z
  --to TIME     end, at least ten minutes ago
  --stack NAME  dev (default) or prod
  --help        show this`;

runCommand(async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      from: { type: "string" },
      to: { type: "string" },
      stack: { type: "string", default: "dev" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const span = readSpan(values.from, values.to, Math.floor(Date.now() / 1000));
  const target = savedTarget(values.stack);
  const config = stackConfig(values.stack, target.overrides);
  await recompute(stackLocation(target, config), span);
  return 0;
});
