import type { Command } from "commander";
import * as fs from "node:fs";
import * as path from "node:path";

import { dashboardOptions } from "../../config/dashboards";
import { allDashboards } from "../../dashboards/dashboards";
import { importable, importedOptions } from "../importable-dashboard";
import { texts } from "../../dashboards/text/texts";
import { oneOf, stackCommand } from "../command";
import { stackConfig } from "../stack-file";

/** Options of {@link writeDashboardFiles}. */
export interface DashboardFilesOptions {
  readonly output: string;
  readonly stack: string;
  /** Default: the stack's own. */
  readonly language?: string;
}

/** Adds `npm run dashboards`. */
export function register(monitor: Command, write = writeDashboardFiles): void {
  const languages = Object.keys(texts);
  stackCommand(monitor, "dashboards")
    .description(
      'Writes every dashboard as a JSON file that Grafana\'s "Import dashboard" takes. Importing asks which Prometheus ' +
        "to use, and where events and traces are kept.",
    )
    .requiredOption("--output <folder>", "folder to write to; made if it is missing", readOutput)
    .option(
      "--language <name>",
      `${languages.join(" or ")}; the stack's own by default`,
      oneOf("--language", languages),
    )
    .action(async (options: DashboardFilesOptions) => {
      console.log((await write(options)).join("\n"));
    });
}

function readOutput(folder: string): string {
  if (folder === "") {
    throw new Error('--output: found ""; expected a folder to write to');
  }
  if (fs.existsSync(folder) && !fs.statSync(folder).isDirectory()) {
    throw new Error(`--output: found "${folder}", which is no folder; expected a folder to write to`);
  }
  return folder;
}

/**
 * Writes a file for each dashboard.
 *
 * @returns the files' paths
 */
export async function writeDashboardFiles({ output, language, stack }: DashboardFilesOptions): Promise<string[]> {
  // Dashboards show nothing of what production refuses.
  const overrides = { environment: "development", ...(language === undefined ? {} : { language }) };
  const config = stackConfig(stack, overrides);
  const dashboards = allDashboards(importedOptions(dashboardOptions(config)));
  const files = dashboards.map((dashboard) => ({
    name: path.join(output, `${dashboard.uid}.json`),
    text: `${JSON.stringify(importable(dashboard), undefined, 2)}\n`,
  }));
  await fs.promises.mkdir(output, { recursive: true });
  await Promise.all(files.map(({ name, text }) => fs.promises.writeFile(name, text)));
  return files.map(({ name }) => name);
}
