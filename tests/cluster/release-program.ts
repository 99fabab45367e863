import * as fs from "node:fs";
import * as path from "node:path";

import { repository } from "../../scripts/pulumi-stack";
import { run, runChecked } from "../../scripts/shell";

/**
 * The program of an earlier release, unpacked from this clone's history, with this checkout's npm packages.
 *
 * @param directory an existing folder, in which one is made
 * @throws Error where the history does not reach back to it
 */
export async function releaseProgram(commit: string, directory: string): Promise<string> {
  const found = await run("git", ["-C", repository, "cat-file", "-e", `${commit}^{commit}`]);
  if (found.status !== 0) {
    throw new Error(`this clone has no commit ${commit}; expected the whole history: git fetch --unshallow`);
  }
  const program = path.join(directory, `release-${commit}`);
  fs.mkdirSync(program);
  const archive = `${program}.tar`;
  await runChecked("git", ["-C", repository, "archive", `--output=${archive}`, commit]);
  await runChecked("tar", ["-xf", archive, "-C", program]);
  fs.symlinkSync(path.join(repository, "node_modules"), path.join(program, "node_modules"));
  return program;
}
