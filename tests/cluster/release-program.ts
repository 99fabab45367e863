import { execa } from "execa";
import * as fs from "node:fs";
import * as path from "node:path";

import { repository } from "../../cli/repository";

/**
 * The program of an earlier release, unpacked from this clone's tag `v<version>`, with this checkout's npm packages.
 *
 * @param directory an existing folder, in which one is made
 * @returns its folder; undefined where the clone has no such tag
 */
export async function releaseProgram(version: string, directory: string): Promise<string | undefined> {
  const tag = `refs/tags/v${version}`;
  const tagIsThere = ["-C", repository, "cat-file", "-e", `${tag}^{commit}`];
  if ((await execa("git", tagIsThere, { reject: false })).failed) {
    return undefined;
  }
  const program = path.join(directory, `release-${version}`);
  fs.mkdirSync(program);
  const archive = `${program}.tar`;
  await execa("git", ["-C", repository, "archive", `--output=${archive}`, tag]);
  await execa("tar", ["-xf", archive, "-C", program]);
  fs.symlinkSync(path.join(repository, "node_modules"), path.join(program, "node_modules"));
  return program;
}
