import { type BuildOptions, buildSync } from "esbuild";

/** Options of programs that need nothing but Node.js. */
const alone = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  logLevel: "silent",
} as const satisfies BuildOptions;

/**
 * Returns a program as one file.
 *
 * @param entry file with its first statement
 * @param firstLines put before it
 */
export function bundledProgram(entry: string, firstLines = ""): string {
  const { outputFiles } = buildSync({ ...alone, entryPoints: [entry], write: false, banner: { js: firstLines } });
  return outputFiles.map(({ text }) => text).join("");
}
