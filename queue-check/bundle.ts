import * as path from "node:path";

import { bundledProgram } from "../components/kubernetes/program";

/** The check as one program that needs nothing but Node.js. */
export function bundleQueueCheck(): string {
  return bundledProgram(path.join(__dirname, "main.ts"));
}
