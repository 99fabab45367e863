import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import { ensureTools, type EnsureToolsOptions } from "./build";
import { toolCacheFolder } from "./cache";
import { toolGroups } from "./tools";

/** Settings of {@link pulumiEnvironment}. */
export interface PulumiEnvironmentOptions extends EnsureToolsOptions {
  /** Folder for Pulumi's credentials, plugins and workspaces (PULUMI_HOME). Default: left as the caller has it. */
  readonly home?: string;
  /** Whether Pulumi may download plugins that are not found. Default false. */
  readonly downloadPlugins?: boolean;
}

/** What {@link pulumiEnvironment} returns. */
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
export async function pulumiEnvironment(options: PulumiEnvironmentOptions = {}): Promise<PulumiEnvironment> {
  const binaries = Object.values(await ensureTools(toolGroups.pulumi, options));
  const root = linkedFolder(binaries);
  if (options.home !== undefined) {
    fs.mkdirSync(options.home, { recursive: true });
  }
  return {
    root,
    variables: {
      PATH: [path.join(root, "bin"), process.env["PATH"] ?? ""].join(path.delimiter),
      // Plugins on PATH are what this environment consists of.
      PULUMI_IGNORE_AMBIENT_PLUGINS: "false",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: String(options.downloadPlugins !== true),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ...(options.home === undefined ? {} : { PULUMI_HOME: path.resolve(options.home) }),
    },
  };
}

/** A folder with all of the binaries in its `bin`. Hard links, because Pulumi looks for its host beside its own resolved path. */
function linkedFolder(binaries: readonly string[]): string {
  const hash = crypto.createHash("sha256").update(binaries.join("\n")).digest("hex").slice(0, 16);
  const folder = path.join(toolCacheFolder(), `pulumi-root-${hash}`);
  if (!fs.existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    fs.mkdirSync(path.join(unfinished, "bin"), { recursive: true });
    for (const binary of binaries) {
      fs.linkSync(binary, path.join(unfinished, "bin", path.basename(binary)));
    }
    renameUnlessThere(unfinished, folder);
  }
  return folder;
}

function renameUnlessThere(from: string, to: string): void {
  try {
    fs.renameSync(from, to);
  } catch (error) {
    fs.rmSync(from, { recursive: true, force: true });
    if (!fs.existsSync(to)) {
      throw error;
    }
  }
}
