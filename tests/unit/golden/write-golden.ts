import * as fs from "node:fs";
import * as path from "node:path";

import { runCommand } from "../../../cli/progress";
import { goldenDashboards, goldenDump, goldenFile, goldenStacks } from "./golden";

/** Writes the golden dumps anew: `npm run golden`. Read the difference before you commit it. */
runCommand(async () => {
  for (const stack of goldenStacks) {
    fs.writeFileSync(goldenFile(stack), await goldenDump(stack));
  }
  for (const [file, text] of goldenDashboards()) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  return 0;
});
