import * as fs from "node:fs";
import * as path from "node:path";

import { withConfigReference } from "./config-reference";
import { runCommand } from "./progress";
import { repository } from "./pulumi-stack";
import { runChecked } from "./shell";

/** Brings the generated parts of the documentation up to date. */
runCommand(async () => {
  const file = path.join(repository, "README.md");
  fs.writeFileSync(file, withConfigReference(fs.readFileSync(file, "utf8")));
  await runChecked(path.join(repository, "node_modules/.bin/prettier"), ["--write", file]);
  return 0;
});
