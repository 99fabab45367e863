import type { Command } from "commander";
import * as fs from "node:fs";
import * as path from "node:path";

import { reportStack } from "../../config/report";
import type { StackConfig } from "../../config/schema";
import { oneOf, stackCommand } from "../command";
import { deployedStack } from "../deployed";
import { progress } from "../progress";
import { PrometheusApi } from "../prometheus-api";
import { inCluster } from "../prometheus-in-cluster";
import { reportCsv } from "../report/csv";
import { reportHtml } from "../report/html";
import { readMonth, readTimeZone } from "../report/month";
import { readReport } from "../report/report";

const writers = { csv: reportCsv, html: reportHtml } as const;

/** Options of {@link writeReport}. */
export interface ReportOptions {
  readonly stack: string;
  readonly month: string;
  readonly team?: string;
  readonly format: keyof typeof writers;
  /** Default: the stack's own. */
  readonly timeZone?: string;
  /** Default: standard output. */
  readonly output?: string;
  readonly force?: true;
}

/** Adds `npm run report`. */
export function register(monitor: Command, write: (options: ReportOptions) => Promise<void> = writeReport): void {
  stackCommand(monitor, "report")
    .usage("--month 2026-11 [options]")
    .description(
      "Writes a month's cost by team and user, for those who charge it on: reported and charged cost, shares and " +
        "budgets. Prints it unless --output names a file. Words are in the stack's language.",
    )
    .requiredOption("--month <month>", "e.g. 2026-11", readMonth)
    .option("--team <name>", "this team alone")
    .option(
      "--format <format>",
      "csv for a spreadsheet, or html for a page to print",
      oneOf("--format", Object.keys(writers) as (keyof typeof writers)[]),
      "csv",
    )
    .option("--time-zone <zone>", "where the month begins; the stack's own by default", readTimeZone)
    .option("--output <file>", "file to write")
    .option("--force", "overwrite the file")
    .action(async (options: ReportOptions) => {
      await write(options);
    });
}

/** A stack's configuration and its Prometheus. */
interface ReadableStack {
  readonly config: StackConfig;
  readonly prometheus: PrometheusApi;
}

/**
 * Reads the report of a stack, and writes it to its file or to standard output.
 *
 * @param open finds the stack. Default: the one that `npm run up` deployed
 */
export async function writeReport(options: ReportOptions, open = deployed): Promise<void> {
  const { stack, month, team, format } = options;
  const file = options.output === undefined ? undefined : outputFile(options.output, options.force === true);
  const { config, prometheus } = open(stack);
  const request = { month, team, timeZone: options.timeZone ?? config.timeZone };
  progress(`reading ${month} and the month before, day by day`);
  const text = writers[format](await readReport(prometheus, request, reportStack(config), Date.now() / 1000));
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  // An existing file is never overwritten by accident, even if it was made meanwhile.
  fs.writeFileSync(file, text, { flag: options.force === true ? "w" : "wx" });
  progress(`wrote ${file}`);
}

function deployed(stack: string): ReadableStack {
  const { config, location } = deployedStack(stack);
  if (config.collection === "none") {
    throw new Error(`stack ${stack}: found collection "none"; expected "in-cluster", as its own Prometheus is read`);
  }
  // With patience: an answer for a large company takes a while.
  return { config, prometheus: new PrometheusApi(inCluster(location, 300)) };
}

/**
 * The file to write.
 *
 * @param output relative to the folder in which npm was started
 * @throws Error if it exists and must not be overwritten, or if it has no folder
 */
export function outputFile(output: string, force: boolean): string {
  // npm starts scripts in the repository; INIT_CWD is where npm itself was started.
  const file = path.resolve(process.env["INIT_CWD"] ?? process.cwd(), output);
  const found = fs.statSync(file, { throwIfNoEntry: false });
  if (output === "" || found?.isDirectory() === true) {
    throw new Error(`--output: found "${output}", which is a folder; expected a file to write`);
  }
  if (found !== undefined && !force) {
    throw new Error(`--output: found "${output}", which exists; expected a new file, or --force to overwrite it`);
  }
  if (!fs.existsSync(path.dirname(file))) {
    throw new Error(`--output: found "${output}", whose folder does not exist; expected a file in an existing folder`);
  }
  return file;
}
