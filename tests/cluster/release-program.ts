import { execa } from "execa";
import * as fs from "node:fs";
import * as path from "node:path";

import { repository } from "../../cli/pulumi-stack";
import type { Release } from "./previous-release";

/**
 * Unpacks the program of an earlier release from this clone's history, with this checkout's npm packages.
 *
 * @param directory an existing folder, in which one is made
 * @returns its folder; undefined where the clone has neither the release's tag nor its commit
 */
export async function releaseProgram(release: Release, directory: string): Promise<string | undefined> {
  const revision = await firstHere([`refs/tags/v${release.version}`, release.commit]);
  if (revision === undefined) {
    return undefined;
  }
  const program = path.join(directory, `release-${release.version}`);
  fs.mkdirSync(program);
  const archive = `${program}.tar`;
  await execa("git", ["-C", repository, "archive", `--output=${archive}`, revision]);
  await execa("tar", ["-xf", archive, "-C", program]);
  fs.symlinkSync(path.join(repository, "node_modules"), path.join(program, "node_modules"));
  return program;
}

/** The first revision that this clone has; a shallow clone may have none. */
async function firstHere(revisions: readonly string[]): Promise<string | undefined> {
  for (const revision of revisions) {
    const found = await execa("git", ["-C", repository, "cat-file", "-e", `${revision}^{commit}`], { reject: false });
    if (!found.failed) {
      return revision;
    }
  }
  return undefined;
}
