import * as fs from "node:fs";
import * as path from "node:path";

import { runCommand } from "../../../cli/progress";
import { goldenFiles, goldenFolder } from "./golden";

/** Writes the golden files anew: `npm run golden`. Read the difference before you commit it. */
runCommand(async () => {
  const files = await goldenFiles();
  fs.rmSync(goldenFolder, { recursive: true, force: true });
  for (const [name, text] of files) {
    const file = path.join(goldenFolder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  return 0;
});
