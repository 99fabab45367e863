import { buildSync } from "esbuild";
import * as path from "node:path";

/** The check as one program that needs nothing but Node.js. */
export function bundleQueueCheck(): string {
  const { outputFiles } = buildSync({
    entryPoints: [path.join(__dirname, "main.ts")],
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "silent",
  });
  return outputFiles.map(({ text }) => text).join("");
}
