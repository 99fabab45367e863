import * as fs from "node:fs";
import * as path from "node:path";

import { bundledProgram } from "../components/kubernetes/program";

const firstLines = "#!/usr/bin/env node\n// The doctor of claude-code-monitoring: node doctor.mjs --help";

/** Writes the doctor as one file that needs nothing but Node.js. */
export function bundleDoctor(file: string): void {
  fs.writeFileSync(file, bundledProgram(path.join(__dirname, "alone.ts"), firstLines));
}
