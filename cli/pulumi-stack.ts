import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import { parse, stringify } from "yaml";

import { type ConfigValues, withValues } from "../config/paths";
import { run, runChecked } from "./shell";

/** The repository's root. */
export const repository = path.resolve(__dirname, "..");
const project = "claude-code-monitoring";

/** Configuration on top of a stack's file, by path; keys without a namespace are the project's own. */
export type Overrides = ConfigValues;

/** A stack's configuration with overrides. What is beside their paths stays. */
export function withOverrides(config: ConfigValues, overrides: Overrides): ConfigValues {
  const changes = Object.entries(overrides).map(([at, value]) => [
    /^[\w-]+:/.test(at) ? at : `${project}:${at}`,
    value,
  ]);
  return withValues(config, Object.fromEntries(changes) as ConfigValues);
}

/** What {@link PulumiStack} needs. */
export interface PulumiStackOptions {
  /** `dev` or `prod`: the stack's file in the repository. */
  readonly stack: string;
  /** Folder for the effective configuration and, unless the user is logged in elsewhere, the state. */
  readonly workspace: string;
  readonly overrides: Overrides;
  /** Folder of the program, for tests with another release of it. Default: this repository. */
  readonly program?: string;
  /** Environment on top of this process's: PATH with the plugins, KUBECONFIG. */
  readonly environment: NodeJS.ProcessEnv;
  /** Receives the engine's output line by line. Default: silent. */
  readonly onLine?: (line: string) => void;
}

/** What one operation did, by the engine's own count. */
export interface OperationSummary {
  readonly created: number;
  readonly updated: number;
  readonly replaced: number;
  readonly deleted: number;
  readonly unchanged: number;
  readonly output: string;
}

interface StackFile {
  encryptionsalt?: string;
  config: ConfigValues;
}

/**
 * One stack of this program, run by the real engine. The engine writes into a stack's file (an encryption salt at
 * least), so it works on a copy in `workspace`, which leads to the program by a link.
 */
export class PulumiStack {
  private readonly environment: NodeJS.ProcessEnv;

  constructor(private readonly options: PulumiStackOptions) {
    fs.mkdirSync(path.join(options.workspace, "state"), { recursive: true });
    this.environment = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", ...options.environment };
    if (!isLoggedInElsewhere(this.environment)) {
      this.environment["PULUMI_BACKEND_URL"] ??= `file://${path.join(options.workspace, "state")}`;
    }
    if (this.environment["PULUMI_CONFIG_PASSPHRASE"] === undefined) {
      this.environment["PULUMI_CONFIG_PASSPHRASE_FILE"] ??= this.passphraseFile();
    }
  }

  /** Where the effective configuration is. */
  get configFile(): string {
    return path.join(this.options.workspace, `Pulumi.${this.options.stack}.yaml`);
  }

  /** Writes the effective configuration and makes sure that the stack exists. */
  async prepare(): Promise<void> {
    this.writeWorkspace();
    const listed = await this.pulumi(["stack", "ls", "--json"]);
    const stacks = JSON.parse(listed) as { name: string }[];
    if (!stacks.some(({ name }) => name.split("/").pop() === this.options.stack)) {
      await this.pulumi(["stack", "init", this.options.stack]);
    }
  }

  /** `pulumi preview`. */
  async preview(): Promise<OperationSummary> {
    return this.operation("preview", []);
  }

  /** `pulumi up`, without asking. */
  async up(): Promise<OperationSummary> {
    return this.operation("up", ["--yes", "--skip-preview"]);
  }

  /** `pulumi refresh`, without asking. */
  async refresh(): Promise<OperationSummary> {
    return this.operation("refresh", ["--yes", "--skip-preview"]);
  }

  /** `pulumi destroy`, without asking. Its preview is what refuses protected resources before any other is deleted. */
  async destroy(flags: readonly string[] = []): Promise<OperationSummary> {
    return this.operation("destroy", ["--yes", ...flags]);
  }

  /** The stack's outputs; secrets only if asked for. */
  async outputs(showSecrets = false): Promise<Record<string, unknown>> {
    const flags = showSecrets ? ["--show-secrets"] : [];
    return JSON.parse(await this.pulumi(["stack", "output", "--json", ...this.stackFlag, ...flags])) as Record<
      string,
      unknown
    >;
  }

  /** How many resources the state holds, by type. */
  async resourceTypes(): Promise<string[]> {
    const state = JSON.parse(await this.pulumi(["stack", "export", ...this.stackFlag])) as {
      deployment: { resources?: { type: string }[] };
    };
    return (state.deployment.resources ?? []).map(({ type }) => type);
  }

  /** Runs any command of the Pulumi CLI on this workspace. @returns standard output */
  async pulumi(args: readonly string[]): Promise<string> {
    return runChecked("pulumi", [...args, "--non-interactive"], {
      cwd: this.options.workspace,
      env: this.environment,
    });
  }

  private get stackFlag(): string[] {
    return ["--stack", this.options.stack];
  }

  private async operation(command: string, flags: readonly string[]): Promise<OperationSummary> {
    const result = await run(
      "pulumi",
      [command, ...this.stackFlag, ...flags, "--non-interactive", "--color=never", "--suppress-progress"],
      {
        cwd: this.options.workspace,
        env: this.environment,
        ...(this.options.onLine === undefined ? {} : { onLine: this.options.onLine }),
      },
    );
    const output = `${result.stdout}${result.stderr}`;
    if (result.status !== 0) {
      throw new Error(`pulumi ${command} of stack ${this.options.stack} failed:\n${output.trim()}`);
    }
    return summary(output);
  }

  private writeWorkspace(): void {
    const { workspace, stack, overrides, program = repository } = this.options;
    const projectFile = parse(fs.readFileSync(path.join(program, "Pulumi.yaml"), "utf8")) as object;
    fs.writeFileSync(path.join(workspace, "Pulumi.yaml"), stringify({ ...projectFile, main: "program" }));
    const link = path.join(workspace, "program");
    fs.rmSync(link, { force: true });
    fs.symlinkSync(program, link);

    const own = parse(fs.readFileSync(path.join(program, `Pulumi.${stack}.yaml`), "utf8")) as StackFile;
    const salt = fs.existsSync(this.configFile)
      ? (parse(fs.readFileSync(this.configFile, "utf8")) as StackFile).encryptionsalt
      : undefined;
    own.config = withOverrides(own.config, overrides);
    fs.writeFileSync(this.configFile, stringify(salt === undefined ? own : { encryptionsalt: salt, ...own }));
  }

  /** Encrypts the secrets in a local state; made once, readable by its owner only. */
  private passphraseFile(): string {
    const file = path.join(this.options.workspace, "passphrase");
    if (!fs.existsSync(file)) {
      fs.writeFileSync(file, crypto.randomBytes(24).toString("base64url"), { mode: 0o600 });
    }
    return file;
  }
}

/** Whether a line of the engine's output says that something is done or went wrong; the rest repeats itself. */
export function isMilestone(line: string): boolean {
  if (line.includes("warning:")) {
    return false;
  }
  return /\b(created|updated|replaced|deleted)( original| replacement)? \(/.test(line) || /error|protected/i.test(line);
}

/** Version of an npm package that this repository depends on. */
export function packageVersion(name: string): string {
  const file = path.join(repository, "node_modules", name, "package.json");
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version;
}

function isLoggedInElsewhere(environment: NodeJS.ProcessEnv): boolean {
  if (environment["PULUMI_BACKEND_URL"] !== undefined || environment["PULUMI_ACCESS_TOKEN"] !== undefined) {
    return true;
  }
  const home = environment["PULUMI_HOME"] ?? path.join(environment["HOME"] ?? "/", ".pulumi");
  const file = path.join(home, "credentials.json");
  const current = fs.existsSync(file)
    ? (JSON.parse(fs.readFileSync(file, "utf8")) as { current?: string }).current
    : undefined;
  return current !== undefined && current !== "";
}

/** Reads the engine's closing summary, e.g. `    + 25 created` or `    + 25 to create`. */
function summary(output: string): OperationSummary {
  const count = (...words: string[]) => {
    const pattern = new RegExp(`^\\s*(?:[-+~]+ ?)?(\\d+) (?:${words.join("|")})\\s*$`, "gm");
    // The last count is that of the operation itself; before it there may be its preview's.
    return Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0);
  };
  return {
    created: count("created", "to create"),
    updated: count("updated", "to update"),
    replaced: count("replaced", "to replace"),
    deleted: count("deleted", "to delete"),
    unchanged: count("unchanged"),
    output,
  };
}
