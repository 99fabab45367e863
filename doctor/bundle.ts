import { build } from "esbuild";
import * as path from "node:path";

/** Writes the doctor as one file that needs nothing but Node.js. */
export async function bundleDoctor(file: string): Promise<void> {
  await build({
    entryPoints: [path.join(__dirname, "alone.ts")],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    banner: { js: "#!/usr/bin/env node\n// The doctor of claude-code-monitoring: node doctor.mjs --help" },
    logLevel: "silent",
  });
}
