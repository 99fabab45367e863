import * as path from "node:path";

import { bundledProgram } from "../components/kubernetes/program";

/** The job as one program that needs nothing but Node.js. */
export function bundleBill(): string {
  return bundledProgram(path.join(__dirname, "main.ts"));
}
