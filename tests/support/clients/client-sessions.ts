import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { type ClientResult, type ClientRun, runClient, sessionIdOf } from "./claude-client";
import type { Amounts } from "../compare";
import { costNanoUsd } from "./list-prices";
import type { AnsweredRequest, MessagesApi } from "./messages-api";
import {
  answer,
  bash,
  editLine,
  errorTurn,
  gitCommit,
  promptFor,
  subagent,
  toolUse,
  type Turn,
  type Usage,
  writeFile,
} from "./messages-script";

/** Where and how the standard sessions run. */
export interface ClientSessionsOptions {
  readonly api: MessagesApi;
  /** Folder for homes and working directories. */
  readonly directory: string;
  /** The `env` of the settings handed out to users. */
  readonly telemetry: Readonly<Record<string, string>>;
  /** Put into `OTEL_RESOURCE_ATTRIBUTES`. */
  readonly resourceAttributes: Readonly<Record<string, string>>;
  /** More environment for every session. */
  readonly extraEnv?: Readonly<Record<string, string>>;
  readonly networkNamespace?: string;
  /** Adds a session that lives for 45 s and exports every five, beside the others. Default false. */
  readonly withLongSession?: boolean;
  /** Adds a session whose requests fail until the client gives up, and one with a tool of an MCP server. Default false. */
  readonly withEventSessions?: boolean;
}

/** What a script makes the client do besides requests. */
interface Effects {
  readonly linesAdded: number;
  readonly linesRemoved: number;
  readonly commits: number;
}

/** A scripted session; turns may name files in the working directory. */
interface SessionPlan {
  readonly name: string;
  readonly turns: (workingDirectory: string) => readonly Turn[];
  /** Scripts of subagents that the turns start. */
  readonly subagents?: Readonly<Record<string, readonly Turn[]>>;
  readonly effects: Effects;
  readonly model?: string;
  readonly extraEnv?: Readonly<Record<string, string>>;
  readonly extraArgs?: readonly string[];
  /** Whether the client is to end with an error. Default false. */
  readonly fails?: boolean;
}

const noEffects: Effects = { linesAdded: 0, linesRemoved: 0, commits: 0 };

const oneShot: SessionPlan = {
  name: "one-shot",
  turns: () => [answer("Done.", usage(1))],
  effects: noEffects,
};

/** Exports about once a second, and lives for several of them. */
const severalExports: SessionPlan = {
  name: "several-exports",
  turns: () => [
    errorTurn(529, "overloaded_error"),
    toolUse([bash("sleep 2.2")], usage(2)),
    toolUse([bash("sleep 2.2")], usage(3)),
    answer("Done.", usage(4)),
  ],
  effects: noEffects,
  extraEnv: { OTEL_METRIC_EXPORT_INTERVAL: "1000" },
};

const writeAndCommit: SessionPlan = {
  name: "write-and-commit",
  turns: (directory) => [
    toolUse([writeFile(path.join(directory, "written.txt"), 7)], usage(5)),
    toolUse([editLine(path.join(directory, "written.txt"), 3, 2)], usage(6)),
    toolUse([gitCommit("first")], usage(7)),
    answer("Done.", usage(8)),
  ],
  effects: { linesAdded: 9, linesRemoved: 1, commits: 1 },
};

const withSubagent: SessionPlan = {
  name: "with-subagent",
  turns: () => [toolUse([subagent("helper")], usage(9)), answer("Done.", usage(10))],
  subagents: { helper: [answer("Helped.", usage(11))] },
  effects: noEffects,
};

const otherModel: SessionPlan = {
  name: "other-model",
  turns: (directory) => [
    toolUse([writeFile(path.join(directory, "other.txt"), 4)], usage(12)),
    answer("Done.", usage(13)),
  ],
  effects: { linesAdded: 4, linesRemoved: 0, commits: 0 },
  model: "claude-haiku-4-5",
};

const resumed: SessionPlan = { name: "resumed", turns: () => [answer("Done again.", usage(14))], effects: noEffects };

/** Long enough to be scraped three times at the usual 15 s. */
const longSession: SessionPlan = {
  name: "long",
  turns: (directory) => [
    toolUse([writeFile(path.join(directory, "long.txt"), 6), gitCommit("long")], usage(15)),
    toolUse([bash("sleep 15")], usage(16)),
    toolUse([bash("sleep 15")], usage(17)),
    toolUse([bash("sleep 15")], usage(18)),
    answer("Done.", usage(19)),
  ],
  effects: { linesAdded: 6, linesRemoved: 0, commits: 1 },
  extraEnv: { OTEL_METRIC_EXPORT_INTERVAL: "5000" },
};

/** The client tries twice, and reports the second answer. */
const givesUp: SessionPlan = {
  name: "gives-up",
  turns: () => [errorTurn(529, "overloaded_error"), errorTurn(529, "overloaded_error")],
  effects: noEffects,
  extraEnv: { CLAUDE_CODE_MAX_RETRIES: "1" },
  fails: true,
};

const mcpServers = {
  mcpServers: {
    scripted: { command: process.execPath, args: [path.join(__dirname, "mcp-server.mjs")] },
  },
};

const withMcpServer: SessionPlan = {
  name: "with-mcp-server",
  turns: () => [
    toolUse([{ name: "mcp__scripted__echo", input: { text: "echoed" } }], usage(20)),
    answer("Done.", usage(21)),
  ],
  effects: noEffects,
  extraArgs: ["--mcp-config", JSON.stringify(mcpServers)],
};

/**
 * Runs six sessions of the real client: a one-shot, one with several exports and a retried 529, one that writes,
 * edits and commits, two at the same time (a subagent; another model), and a resumed one. Gives the truth: what the
 * scripted API billed, and what the scripts did, by the names that `readTotals` gives.
 *
 * @throws Error if a client fails
 */
export async function runClientSessions(options: ClientSessionsOptions): Promise<Amounts> {
  const firstRequest = options.api.log.length;
  const plans = [oneShot, severalExports, writeAndCommit, withSubagent, otherModel, resumed];
  const long = options.withLongSession === true ? [longSession] : [];
  const forEvents = options.withEventSessions === true ? [givesUp, withMcpServer] : [];
  await Promise.all([runShortSessions(options), ...long.map(async (plan) => runSession(options, plan))]);
  for (const plan of forEvents) {
    await runSession(options, plan);
  }
  const effects = [...plans, ...long, ...forEvents].map((plan) => plan.effects);
  return truthOf(options.api.log.slice(firstRequest), effects);
}

async function runShortSessions(options: ClientSessionsOptions): Promise<void> {
  const first = await runSession(options, oneShot);
  await runSession(options, severalExports);
  await runSession(options, writeAndCommit);
  await Promise.all([runSession(options, withSubagent), runSession(options, otherModel)]);
  await runSession(options, resumed, { of: oneShot, sessionId: sessionIdOf(first) });
}

/** The truth of requests answered and of what the scripts did; one session for each script. */
function truthOf(log: readonly AnsweredRequest[], effects: readonly Effects[]): Amounts {
  const total = (pick: (effects: Effects) => number): number => effects.reduce((sum, each) => sum + pick(each), 0);
  const billed = log.flatMap(({ model, usage }) => (usage === undefined ? [] : [{ model, usage }]));
  const tokens = (pick: (usage: Usage) => number): number => billed.reduce((sum, { usage }) => sum + pick(usage), 0);
  return {
    cost: billed.reduce((sum, { model, usage }) => sum + costNanoUsd(model, usage), 0) / 1e9,
    "tokens|input": tokens((each) => each.input),
    "tokens|output": tokens((each) => each.output),
    "tokens|cacheRead": tokens((each) => each.cacheRead),
    "tokens|cacheCreation": tokens((each) => each.cacheCreation5m + each.cacheCreation1h),
    sessions: effects.length,
    "lines|added": total(({ linesAdded }) => linesAdded),
    "lines|removed": total(({ linesRemoved }) => linesRemoved),
    commits: total(({ commits }) => commits),
  };
}

async function runSession(
  options: ClientSessionsOptions,
  plan: SessionPlan,
  resume?: { readonly of: SessionPlan; readonly sessionId: string },
): Promise<ClientResult> {
  const directory = path.join(options.directory, (resume?.of ?? plan).name);
  const cwd = path.join(directory, "work");
  if (!fs.existsSync(cwd)) {
    fs.mkdirSync(cwd, { recursive: true });
    execFileSync("git", ["init", "--quiet", cwd]);
  }
  options.api.add({ name: plan.name, turns: plan.turns(cwd) });
  for (const [name, turns] of Object.entries(plan.subagents ?? {})) {
    options.api.add({ name, turns });
  }
  const run: ClientRun = {
    prompt: promptFor(plan.name),
    home: path.join(directory, "home"),
    cwd,
    messagesUrl: options.api.url,
    telemetry: options.telemetry,
    resourceAttributes: options.resourceAttributes,
    extraArgs: [...(plan.extraArgs ?? []), ...(resume === undefined ? [] : ["--resume", resume.sessionId])],
    extraEnv: { ...plan.extraEnv, ...options.extraEnv },
    ...(plan.model === undefined ? {} : { model: plan.model }),
    ...(options.networkNamespace === undefined ? {} : { networkNamespace: options.networkNamespace }),
  };
  const result = await runClient(run);
  if ((result.code === 0) === (plan.fails ?? false)) {
    throw new Error(
      `client session "${plan.name}" ended with ${result.code ?? "a signal"}:\n${result.stdout}${result.stderr}`,
    );
  }
  return result;
}

/** Different for every answer, so that a lost one and a doubled one do not cancel out. */
function usage(seed: number): Usage {
  return {
    input: 100 + seed * seed,
    output: 20 + 3 * seed,
    cacheRead: 1000 + 17 * seed,
    cacheCreation5m: 200 + 31 * seed,
    cacheCreation1h: 300 + 41 * seed,
  };
}
