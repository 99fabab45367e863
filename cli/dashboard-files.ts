import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";

import { dashboardOptions } from "../config/dashboards";
import { allDashboards } from "../dashboards/dashboards";
import { importable, importedOptions } from "../dashboards/export";
import { texts } from "../dashboards/text/texts";
import { stackConfig, stackNames } from "./stack-file";

/** What `npm run dashboards -- --help` prints. */
export const dashboardsHelp = `Usage: npm run dashboards -- --output DIR [options]

Writes every dashboard as a JSON file that Grafana's "Import dashboard" takes. Importing asks which Prometheus to use,
and where events and traces are kept.

  --output DIR     folder to write to; made if it is missing
  --language NAME  ${Object.keys(texts).join(" or ")}. Default: the stack's own
  --stack NAME     whose configuration to use: dev (default) or prod
  --help           show this`;

/** What to write, and where. */
export interface DashboardFilesOptions {
  readonly output: string;
  readonly stack: string;
  /** Undefined for the stack's own. */
  readonly language: string | undefined;
}

/**
 * Reads the command line.
 *
 * @returns undefined if help was asked for
 * @throws Error naming the option, what was found and what was expected
 */
export function parseDashboardsOptions(args: string[]): DashboardFilesOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      output: { type: "string", default: "" },
      language: { type: "string" },
      stack: { type: "string", default: "dev" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    return undefined;
  }
  const { output, language, stack } = values;
  if (output === "") {
    throw new Error("--output: is missing; expected a folder to write to");
  }
  if (fs.existsSync(output) && !fs.statSync(output).isDirectory()) {
    throw new Error(`--output: found "${output}", which is no folder; expected a folder to write to`);
  }
  if (language !== undefined && !Object.hasOwn(texts, language)) {
    throw new Error(`--language: found "${language}"; expected ${Object.keys(texts).join(" or ")}`);
  }
  if (!stackNames.some((name) => name === stack)) {
    throw new Error(`--stack: found "${stack}"; expected ${stackNames.join(" or ")}`);
  }
  return { output, language, stack };
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
