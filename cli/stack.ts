import {
  type EngineEvent,
  LocalWorkspace,
  type OpMap,
  type OpType,
  PulumiCommand,
  type Stack,
} from "@pulumi/pulumi/automation";
import { execa } from "execa";
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import { parse, stringify } from "yaml";

import type { ConfigValues } from "../config/paths";
import { interruptibly } from "./interruption";
import { hasStaleLocks } from "./locks";
import { type Overrides, project, withOverrides } from "./overrides";
import { repository } from "./repository";

/** Options of {@link PulumiStack}. */
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
  /** Folder with `bin/pulumi`. Default: the `pulumi` on the PATH. */
  readonly pulumiRoot?: string;
  /** Receives what the engine has done, line by line. Default: silent. */
  readonly onLine?: (line: string) => void;
}

/** The changes of one operation, by the engine's own count. */
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

interface OperationOptions {
  readonly color: "never";
  readonly signal: AbortSignal;
  readonly onOutput: (text: string) => void;
  readonly onEvent: (event: EngineEvent) => void;
}

interface OperationResult {
  readonly stdout: string;
  readonly changeSummary?: OpMap;
  readonly summary?: { readonly resourceChanges?: OpMap };
}

/**
 * One stack of this program, run by Pulumi's Automation API. The engine writes an encryption salt into a stack's file,
 * so it works on a copy in `workspace`. A link there leads to the program.
 */
export class PulumiStack {
  private opened: Promise<Stack> | undefined;

  constructor(private readonly options: PulumiStackOptions) {}

  /** The Automation API's own stack; made if it does not exist. */
  get automation(): Promise<Stack> {
    this.opened ??= this.open();
    return this.opened;
  }

  /** Writes the effective configuration and makes sure that the stack exists. */
  async prepare(): Promise<void> {
    await this.automation;
  }

  /** `pulumi preview`. */
  async preview(): Promise<OperationSummary> {
    return this.operation("preview", (stack, options) => stack.preview(options), { silent: true });
  }

  /**
   * `pulumi up`, without asking.
   *
   * @param signal ends it as Ctrl-C does
   */
  async up(signal?: AbortSignal): Promise<OperationSummary> {
    return this.operation("up", (stack, options) => stack.up(options), { signal });
  }

  /** `pulumi refresh`, without asking. */
  async refresh(): Promise<OperationSummary> {
    return this.operation("refresh", (stack, options) => stack.refresh(options));
  }

  /** `pulumi destroy`, without asking. Its preview refuses protected resources before any other is deleted. */
  async destroy(more: { readonly excludeProtected?: boolean } = {}): Promise<OperationSummary> {
    const preview = (stack: Stack, options: OperationOptions) => stack.previewDestroy({ ...options, ...more });
    await this.operation("destroy", preview, { silent: true });
    return this.operation("destroy", (stack, options) => stack.destroy({ ...options, ...more }));
  }

  /** The stack's outputs; secrets only if asked for. */
  async outputs(showSecrets = false): Promise<Record<string, unknown>> {
    const outputs = Object.entries(await (await this.automation).outputs());
    const shown = outputs.map(
      ([name, { value, secret }]) => [name, secret && !showSecrets ? "[secret]" : value] as const,
    );
    return Object.fromEntries<unknown>(shown);
  }

  /** The state as it is kept, its secrets encrypted: the Automation API would show them. @returns JSON */
  async state(): Promise<string> {
    const { command } = (await this.automation).workspace.pulumiCommand;
    const { workspace: cwd, stack } = this.options;
    return (await execa(command, ["stack", "export", "--stack", stack], { cwd, env: this.environment() })).stdout;
  }

  /** The types of the resources that the state holds. */
  async resourceTypes(): Promise<string[]> {
    const { deployment } = JSON.parse(await this.state()) as { deployment: { resources?: { type: string }[] } };
    return (deployment.resources ?? []).map(({ type }) => type);
  }

  /** A secret as the engine encrypts it for this stack's configuration. */
  async encrypted(value: string): Promise<{ readonly secure: string }> {
    const key = `${project}:encrypted`;
    // Into the workspace's copy, which is written anew before the next operation.
    await (await this.automation).setConfig(key, { value, secret: true });
    return readStackFile(this.configFile).config[key] as { secure: string };
  }

  private get configFile(): string {
    return path.join(this.options.workspace, `Pulumi.${this.options.stack}.yaml`);
  }

  private get stateFolder(): string {
    return path.join(this.options.workspace, "state");
  }

  private async open(): Promise<Stack> {
    const { stack: stackName, workspace: workDir, pulumiRoot: root } = this.options;
    this.writeWorkspace();
    const pulumiCommand = await PulumiCommand.get(root === undefined ? {} : { root });
    const envVars = Object.fromEntries(Object.entries(this.environment()).map(([name, value = ""]) => [name, value]));
    return LocalWorkspace.createOrSelectStack({ stackName, workDir }, { pulumiCommand, envVars });
  }

  private environment(): NodeJS.ProcessEnv {
    const environment: NodeJS.ProcessEnv = { PULUMI_SKIP_UPDATE_CHECK: "true", ...this.options.environment };
    const all = { ...process.env, ...environment };
    if (!isLoggedInElsewhere(all)) {
      environment["PULUMI_BACKEND_URL"] = `file://${this.stateFolder}`;
    }
    if (all["PULUMI_CONFIG_PASSPHRASE"] === undefined) {
      environment["PULUMI_CONFIG_PASSPHRASE_FILE"] = all["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? this.passphraseFile();
    }
    return environment;
  }

  private async operation(
    name: string,
    run: (stack: Stack, options: OperationOptions) => Promise<OperationResult>,
    { silent = false, signal }: { readonly silent?: boolean; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<OperationSummary> {
    const stack = await this.automation;
    if (await hasStaleLocks(this.stateFolder, this.options.stack)) {
      this.options.onLine?.("removing the lock of a command that was killed");
      await stack.cancel();
    }
    const errors = new Set<string>();
    const onEvent = (event: EngineEvent) => {
      const line = silent ? undefined : milestone(event);
      if (line !== undefined) {
        this.options.onLine?.(line);
      }
      if (event.diagnosticEvent?.severity === "error") {
        errors.add(event.diagnosticEvent.message.trim());
      }
    };
    try {
      return summary(await interruptibly((running) => run(stack, { color: "never", onEvent, ...running }), signal));
    } catch (error) {
      const told = errors.size > 0 ? [...errors] : errorLines(error);
      throw new Error(`pulumi ${name} of stack ${this.options.stack} failed:\n${told.join("\n")}`, { cause: error });
    }
  }

  private writeWorkspace(): void {
    const { workspace, stack, overrides, program = repository } = this.options;
    fs.mkdirSync(this.stateFolder, { recursive: true, mode: 0o700 });
    const projectFile = parse(fs.readFileSync(path.join(program, "Pulumi.yaml"), "utf8")) as object;
    fs.writeFileSync(path.join(workspace, "Pulumi.yaml"), stringify({ ...projectFile, main: "program" }), {
      mode: 0o600,
    });
    const link = path.join(workspace, "program");
    fs.rmSync(link, { force: true });
    fs.symlinkSync(program, link);

    const own = readStackFile(path.join(program, `Pulumi.${stack}.yaml`));
    const salt = fs.existsSync(this.configFile) ? readStackFile(this.configFile).encryptionsalt : undefined;
    const effective = { ...own, config: withOverrides(own.config, overrides) };
    const salted = salt === undefined ? effective : { encryptionsalt: salt, ...effective };
    fs.writeFileSync(this.configFile, stringify(salted), { mode: 0o600 });
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

const doneWords: Readonly<Partial<Record<OpType, string>>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
};

/**
 * Returns a line for a resource that the engine has changed; undefined for any other event, and for components and
 * providers.
 */
export function milestone({ resOutputsEvent }: EngineEvent): string | undefined {
  if (resOutputsEvent === undefined) {
    return undefined;
  }
  const { op, urn, type, old, new: state = old } = resOutputsEvent.metadata;
  const word = doneWords[op];
  const isDeployed = state?.custom === true && !type.startsWith("pulumi:");
  return word === undefined || !isDeployed ? undefined : `${urn.split("::").at(-1) ?? urn} ${word} (${type})`;
}

function summary({ stdout, changeSummary, summary: history }: OperationResult): OperationSummary {
  const changes = changeSummary ?? history?.resourceChanges ?? {};
  return {
    created: changes.create ?? 0,
    updated: changes.update ?? 0,
    replaced: changes.replace ?? 0,
    deleted: changes.delete ?? 0,
    unchanged: changes.same ?? 0,
    output: stdout,
  };
}

/** The Pulumi command's own errors, out of an error that holds all it printed. */
function errorLines(error: unknown): readonly string[] {
  const message = error instanceof Error ? error.message : String(error);
  return message.match(/^error: .*/gm) ?? [message];
}

function readStackFile(file: string): StackFile {
  return parse(fs.readFileSync(file, "utf8")) as StackFile;
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
