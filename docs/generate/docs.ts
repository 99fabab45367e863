import { execa } from "execa";
import * as fs from "node:fs";
import * as path from "node:path";

import { withAttributes } from "./attributes";
import { configurationReference } from "./configuration";
import { panelsReference } from "./panels";
import { runCommand } from "../../cli/progress";
import { withQuerySizes } from "./query-sizes";
import { repository } from "../../cli/repository";

/** Brings the generated documentation up to date. */
runCommand(async () => {
  const configuration = path.join(repository, "docs/configuration.md");
  const panels = path.join(repository, "docs/panels.md");
  const queries = path.join(repository, "docs/queries.md");
  fs.writeFileSync(configuration, configurationReference());
  fs.writeFileSync(panels, panelsReference());
  fs.writeFileSync(queries, withQuerySizes(fs.readFileSync(queries, "utf8")));
  const telemetry = path.join(repository, "docs/telemetry.md");
  fs.writeFileSync(telemetry, withAttributes(fs.readFileSync(telemetry, "utf8")));
  await execa(path.join(repository, "node_modules/.bin/oxfmt"), [configuration, panels, queries, telemetry]);
  return 0;
});
