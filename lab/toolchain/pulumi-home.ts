import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import { ensureTools, type EnsureToolsOptions } from "./build";
import { makeOnce, toolCacheFolder } from "./cache";
import { toolGroups } from "./tools";

/** Result of {@link pulumiEnvironment}. */
export interface PulumiEnvironment {
  /** Folder whose `bin` holds `pulumi`, its Node.js host and the providers built here, under the names Pulumi looks for. */
  readonly root: string;
  /** To be laid over a process's environment: PATH (with `bin` first) and PULUMI_* settings. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Builds the Pulumi command, the Node.js host and the Kubernetes and random providers if they lack, and returns what
 * runs a Pulumi program with them.
 *
 * @throws Error as {@link ensureTools} does.
 */
export async function pulumiEnvironment(options: EnsureToolsOptions = {}): Promise<PulumiEnvironment> {
  const root = await linkedFolder(Object.values(await ensureTools(toolGroups.pulumi, options)));
  return {
    root,
    variables: {
      PATH: [path.join(root, "bin"), process.env["PATH"] ?? ""].join(path.delimiter),
      // Plugins on PATH are what this environment consists of.
      PULUMI_IGNORE_AMBIENT_PLUGINS: "false",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
  };
}

/** A folder with all of the binaries in its `bin`. Hard links, because Pulumi looks for its host beside its own resolved path. */
async function linkedFolder(binaries: readonly string[]): Promise<string> {
  const hash = crypto.createHash("sha256").update(binaries.join("\n")).digest("hex").slice(0, 16);
  const folder = path.join(toolCacheFolder(), `pulumi-root-${hash}`);
  await makeOnce(folder, (unfinished) => {
    const bin = path.join(unfinished, "bin");
    fs.mkdirSync(bin);
    for (const binary of binaries) {
      fs.linkSync(binary, path.join(bin, path.basename(binary)));
    }
  });
  return folder;
}
