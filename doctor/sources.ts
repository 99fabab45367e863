import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { Check, codeOf, failed, messageOf, ok, warning } from "./checks/check";

/** Sources of settings, the weakest first. `server`: what the organisation's console hands out, as the client keeps it. */
export const scopes = ["shell", "user", "project", "local", "managed", "server"] as const;

/** One of {@link scopes}. */
export type Scope = (typeof scopes)[number];

/** The settings of one file, or the environment. */
export interface Source {
  readonly scope: Scope;
  /** The file, or `environment`. */
  readonly where: string;
  readonly env: Readonly<Record<string, string>>;
  /** The command that prints headers, if it names one. */
  readonly headersHelper?: string;
}

/** Facts about the machine that decide which files Claude Code reads. */
export interface Machine {
  readonly home: string;
  /** Folder in which Claude Code would be started. */
  readonly project: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder of managed settings. */
  readonly managedFolder: string;
}

/** The machine that this runs on. */
export function thisMachine(): Machine {
  const folders = { home: os.homedir(), project: process.cwd(), managedFolder: managedFolder(process.platform) };
  return { ...folders, environment: process.env };
}

/** Folders of managed settings. */
export function managedFolder(platform: NodeJS.Platform): string {
  switch (platform) {
    case "darwin":
      return "/Library/Application Support/ClaudeCode";
    case "win32":
      return "C:\\Program Files\\ClaudeCode";
    default:
      return "/etc/claude-code";
  }
}

/**
 * Reads the settings that Claude Code would use.
 *
 * @param file managed settings to take in place of the machine's own
 * @returns the sources, the weakest first, and a check for each file
 */
export function readSources(machine: Machine, file?: string): { sources: Source[]; checks: Check[] } {
  const checks: Check[] = [];
  const sources: Source[] = [{ scope: "shell", where: "environment", env: strings(machine.environment) }];
  for (const [scope, where] of settingsFiles(machine, file)) {
    try {
      const settings = parseSettings(fs.readFileSync(where, "utf8"));
      sources.push(sourceOf(scope, where, settings));
      checks.push(ok("settings", `${where} (${scope})`), ...unknownBlocks(where, settings));
    } catch (error) {
      const isNamed = scope === "managed" && file !== undefined;
      if (codeOf(error) !== "ENOENT" || isNamed) {
        checks.push(failed("settings", `${where}: ${messageOf(error)}`, cureOf(where, error)));
      }
    }
  }
  return { sources, checks };
}

type SettingsFile = readonly [scope: Scope, where: string];

function settingsFiles({ home, project, environment, managedFolder: folder }: Machine, file?: string): SettingsFile[] {
  const userFolder = environment["CLAUDE_CONFIG_DIR"] ?? path.join(home, ".claude");
  const projectFolder = path.join(project, ".claude");
  const managed = file === undefined ? managedFiles(folder) : [path.resolve(project, file)];
  const files: SettingsFile[] = [
    ["user", path.join(userFolder, "settings.json")],
    ["project", path.join(projectFolder, "settings.json")],
    ["local", path.join(projectFolder, "settings.local.json")],
    ...managed.map((where) => ["managed", where] as const),
    // Settings that are named are looked at as if no server handed out any.
    ...(file === undefined ? [["server", path.join(userFolder, "remote-settings.json")] as const] : []),
  ];
  // Started at home, the project's settings are the user's own.
  return files.filter(([scope]) => scope !== "project" || projectFolder !== userFolder);
}

/** The file, and the fragments that are laid on top of it in the order of their names. */
function managedFiles(folder: string): string[] {
  const fragments = path.join(folder, "managed-settings.d");
  const names = fs.existsSync(fragments) ? fs.readdirSync(fragments).sort() : [];
  const used = names.filter((name) => name.endsWith(".json") && !name.startsWith("."));
  return [path.join(folder, "managed-settings.json"), ...used.map((name) => path.join(fragments, name))];
}

function parseSettings(text: string): Readonly<Record<string, unknown>> {
  // Not the parser's message: it quotes the file, which may hold secrets.
  const settings = parseJson(text.replace(/^\uFEFF/, ""));
  if (!isRecord(settings)) {
    throw new Error("it is not a JSON object, and Claude Code ignores the whole file");
  }
  return settings;
}

function sourceOf(scope: Scope, where: string, settings: Readonly<Record<string, unknown>>): Source {
  const { env = {}, otelHeadersHelper: helper } = settings;
  if (!isRecord(env)) {
    throw new Error('its "env" is not an object with a value for each variable');
  }
  const headersHelper = typeof helper === "string" && helper.trim() ? { headersHelper: helper } : {};
  return { scope, where, env: strings(env), ...headersHelper };
}

/** Blocks that people write, and that no client reads. */
function unknownBlocks(where: string, settings: Readonly<Record<string, unknown>>): Check[] {
  return ["telemetry", "otel", "opentelemetry"]
    .filter((name) => name in settings)
    .map((name) =>
      warning(
        "settings",
        `${where} has a block "${name}", which Claude Code does not read`,
        'Set variables in its "env", as npm run --silent settings prints them.',
      ),
    );
}

function cureOf(where: string, error: unknown): string {
  switch (codeOf(error)) {
    case "ENOENT":
      return "Name a file that exists, or leave out --settings to look at this machine's own settings.";
    case "EACCES":
      return `Let everybody read it, for example with chmod 644 "${where}".`;
    default:
      return "Correct the file; npm run --silent settings prints a right one.";
  }
}

/** The parsed text, or undefined if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** True for an object with keys. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function strings(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const scalars = Object.entries(values).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value));
  return Object.fromEntries(scalars.map(([key, value]) => [key, String(value)]));
}
