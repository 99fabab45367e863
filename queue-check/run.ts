import * as fs from "node:fs";

import { checkQueues } from "./queue-folder";
import { parseUnfinished, reportText, type Unfinished, unfinishedText } from "./report";

/** Runs that end while they read one file, such as for want of memory, before it is moved away unread. */
const attempts = 3;

/**
 * Checks the queues of a folder before the collector opens them. It ends without an error, whatever it finds, because
 * the collector starts only then. It prints a line for each file.
 *
 * @param report file for what was found, which becomes a label of the collector's own metrics
 */
export function run(folder: string, report: string, print: (line: string) => void = console.log): void {
  const before = lastUnfinished(report);
  const begin = (file: string): boolean => {
    const attempt = file === before?.file ? before.attempt + 1 : 1;
    fs.writeFileSync(report, unfinishedText({ attempt, file }));
    return attempt <= attempts;
  };
  try {
    const checked = checkQueues(folder, begin);
    checked.forEach((file) => {
      print(JSON.stringify(file));
    });
    fs.writeFileSync(report, reportText(checked));
  } catch (error) {
    print(JSON.stringify({ folder, state: "unknown", error: String(error) }));
    fs.writeFileSync(report, "unknown");
  }
}

function lastUnfinished(report: string): Unfinished | undefined {
  return fs.existsSync(report) ? parseUnfinished(fs.readFileSync(report, "utf8")) : undefined;
}
