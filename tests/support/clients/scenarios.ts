import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { type ClientResult, runClient, sessionIdOf } from "./claude-client";
import type { MessagesApi } from "./messages-api";
import {
  answer,
  bash,
  editLine,
  errorTurn,
  gitCommit,
  promptFor,
  refusal,
  subagent,
  toolUse,
  type Turn,
  writeFile,
} from "./messages-script";

/** Surroundings of the scenarios. */
export interface ScenarioOptions {
  readonly api: MessagesApi;
  /** Folder for homes and working directories. */
  readonly directory: string;
  /** The `env` of the settings, contents left out. */
  readonly plain: Readonly<Record<string, string>>;
  /** The `env` of the settings with all contents. */
  readonly detailed: Readonly<Record<string, string>>;
}

/** One session, or two of which the second resumes the first. */
interface Scenario {
  readonly turns: (cwd: string) => readonly Turn[];
  readonly subagent?: readonly Turn[];
  readonly prompt?: string;
  /** Prompt of a second process that resumes the session. */
  readonly then?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly args?: (cwd: string) => readonly string[];
  readonly contents?: boolean;
  readonly extraEnv?: Readonly<Record<string, string>>;
  readonly fails?: boolean;
}

const usage = { input: 100, output: 20, cacheRead: 30, cacheCreation5m: 40, cacheCreation1h: 50 };
const done = answer("Done.", usage);
const manifest = (name: string) => JSON.stringify({ name, version: "1.0.0", description: "Scripted" });
const skill = (name: string) => `---\nname: ${name}\ndescription: Scripted\n---\nSay nothing.\n`;
/** Speaks to the model before a tool, and fails after it. */
const hooks = {
  UserPromptSubmit: [{ hooks: [{ type: "command", command: "echo context" }] }],
  PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command: 'echo \'{"systemMessage":"seen"}\'' }] }],
  PostToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command: "exit 1" }] }],
};
/** A stand-in for GitHub's command line. */
const pullRequest = `gh() { echo https://github.com/example/scripted/pull/1; }; gh pr create --title scripted --body ""`;
const mcpServers = {
  scripted: { command: process.execPath, args: [path.join(__dirname, "mcp-server.mjs")] },
  broken: { command: path.join(__dirname, "no-such-server") },
};

/** Everything of the client that a script can bring about. */
const scenarios: Readonly<Record<string, Scenario>> = {
  text: { turns: () => [done], prompt: "@notes.txt", files: { "notes.txt": "Notes\n" } },
  tools: {
    turns: (cwd) => [
      toolUse([writeFile(path.join(cwd, "written.txt"), 7)], usage),
      toolUse([{ name: "Read", input: { file_path: path.join(cwd, "written.txt") } }], usage),
      toolUse([editLine(path.join(cwd, "written.txt"), 3, 2)], usage),
      toolUse([bash("exit 3"), gitCommit("scripted")], usage),
      toolUse([bash(pullRequest)], usage),
      done,
    ],
    contents: true,
    files: { ".claude/settings.json": JSON.stringify({ hooks }) },
  },
  subagent: {
    turns: () => [toolUse([subagent("subagent-helper")], usage), done],
    subagent: [toolUse([bash("true")], usage), answer("Helped.", usage)],
    contents: true,
  },
  mcp: {
    turns: () => [toolUse([{ name: "mcp__scripted__echo", input: { text: "echoed" } }], usage), done],
    args: () => ["--mcp-config", JSON.stringify({ mcpServers })],
    contents: true,
  },
  skill: {
    turns: () => [
      toolUse([{ name: "Skill", input: { skill: "own" } }], usage),
      toolUse([{ name: "Skill", input: { skill: "plugged:brought" } }], usage),
      done,
    ],
    files: {
      ".claude/skills/own/SKILL.md": skill("own"),
      "plugged/.claude-plugin/plugin.json": manifest("plugged"),
      "plugged/skills/brought/SKILL.md": skill("brought"),
      "plugged/hooks/hooks.json": JSON.stringify({ hooks: { PreToolUse: hooks.PreToolUse } }),
    },
    args: (cwd) => ["--plugin-dir", path.join(cwd, "plugged")],
    contents: true,
  },
  overload: {
    turns: () => [errorTurn(529, "overloaded_error"), errorTurn(529, "overloaded_error")],
    extraEnv: { CLAUDE_CODE_MAX_RETRIES: "1" },
    contents: true,
    fails: true,
  },
  refusal: { turns: () => [refusal(usage), refusal(usage), refusal(usage)], contents: true, fails: true },
  planning: {
    turns: () => [
      toolUse([{ name: "EnterPlanMode", input: {} }], usage),
      toolUse([{ name: "ExitPlanMode", input: { plan: "Nothing." } }], usage),
      done,
    ],
    contents: true,
  },
  compaction: { turns: () => [done, answer("<summary>Nothing.</summary>", usage)], then: "/compact", contents: true },
};

/** Names of the scenarios. */
export const scenarioNames = Object.keys(scenarios);

/**
 * Runs a scenario to its end.
 *
 * @throws Error if the client ends in another way than the scenario says
 */
export async function runScenario(name: string, options: ScenarioOptions, more: Readonly<Record<string, string>> = {}) {
  const scenario = scenarios[name];
  if (scenario === undefined) {
    throw new Error(`scenario "${name}" is unknown; expected one of ${scenarioNames.join(", ")}`);
  }
  const cwd = path.join(options.directory, name, "work");
  fs.mkdirSync(cwd, { recursive: true });
  execFileSync("git", ["init", "--quiet", cwd]);
  execFileSync("git", ["-C", cwd, "remote", "add", "origin", "https://github.com/example/scripted.git"]);
  for (const [file, content] of Object.entries(scenario.files ?? {})) {
    fs.mkdirSync(path.dirname(path.join(cwd, file)), { recursive: true });
    fs.writeFileSync(path.join(cwd, file), content);
  }
  options.api.add({ name, turns: scenario.turns(cwd) });
  if (scenario.subagent !== undefined) {
    options.api.add({ name: `${name}-helper`, turns: scenario.subagent });
  }
  const run = async (prompt: string, resume: readonly string[] = []): Promise<ClientResult> => {
    const result = await runClient({
      prompt,
      home: path.join(options.directory, name, "home"),
      cwd,
      messagesUrl: options.api.url,
      telemetry: scenario.contents === true ? options.detailed : options.plain,
      extraArgs: [...(scenario.args?.(cwd) ?? []), ...resume],
      extraEnv: { ...scenario.extraEnv, ...more },
      timeoutSeconds: 60,
    });
    if ((result.code === 0) === (scenario.fails ?? false)) {
      const end = result.code ?? "a signal";
      throw new Error(`scenario "${name}" ended with ${end}:\n${result.stdout}${result.stderr}`);
    }
    return result;
  };
  const first = await run(`${scenario.prompt ?? ""} ${promptFor(name)}`);
  if (scenario.then !== undefined) {
    await run(scenario.then, ["--resume", sessionIdOf(first)]);
  }
}
