import * as path from "node:path";

import { bundledProgram } from "../../../components/kubernetes/program";

/** Modules in CommonJS ask for Node.js' own by `require`, which a module in ESM lacks. */
const firstLine = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/** The program that mails a report, as one that needs nothing but Node.js. */
export function bundleReportMail(): string {
  return bundledProgram(path.join(__dirname, "main.ts"), firstLine);
}
