import * as fs from "node:fs";

import { runCommand } from "../../scripts/progress";
import { goldenDump, goldenFile, goldenStacks } from "./golden";

/** Writes the golden dumps anew: `npm run golden`. Read the difference before you commit it. */
runCommand(async () => {
  for (const stack of goldenStacks) {
    fs.writeFileSync(goldenFile(stack), await goldenDump(stack));
  }
  return 0;
});
