import { type BillActivity, billActivities, billDay } from "../../telemetry/bill";
import { dayMs } from "../../units";
import { type ProviderClient, readable } from "./client";
import { type Actor, count } from "./day-bill";

/** Use of Claude Code on a day by one person or key, apart from cost. */
export interface Activity {
  readonly actor: Actor;
  readonly counts: Readonly<Record<BillActivity, number>>;
  /** Decisions on edits, by tool. */
  readonly decisions: readonly { readonly tool: string; readonly accepted: number; readonly rejected: number }[];
}

/** Figures of a day that say nothing of cost. Undefined where the key may not read them. */
export interface DayActivity {
  readonly activities: readonly Activity[];
  readonly seatsBought?: number;
}

interface ToolAction {
  readonly accepted?: number;
  readonly rejected?: number;
  readonly accepted_count?: number;
  readonly rejected_count?: number;
}

interface ClaudeCodeRecord {
  readonly actor: {
    readonly type: string;
    readonly email_address?: string;
    readonly api_key_name?: string;
  };
  readonly core_metrics: {
    readonly num_sessions?: number;
    readonly lines_of_code?: { readonly added?: number; readonly removed?: number };
    readonly commits_by_claude_code?: number;
    readonly pull_requests_by_claude_code?: number;
  };
  readonly tool_actions?: Readonly<Record<string, ToolAction>>;
}

interface UserRecord {
  readonly user: { readonly id: string; readonly email_address?: string; readonly email?: string };
  readonly claude_code_metrics?: {
    readonly core_metrics?: {
      readonly distinct_session_count?: number;
      readonly commit_count?: number;
      readonly pull_request_count?: number;
      readonly lines_of_code?: { readonly added_count?: number; readonly removed_count?: number };
    };
    readonly tool_actions?: Readonly<Record<string, ToolAction>>;
  };
}

/**
 * Reads what people did with Claude Code on a day: the Claude Code Analytics API with a Console key, users' engagement
 * with an Enterprise one.
 *
 * @param day as `2026-11-20`
 * @returns undefined where the key may read neither
 */
export async function readActivity(client: ProviderClient, day: string): Promise<DayActivity | undefined> {
  const console = await readable(client.list("/v1/organizations/usage_report/claude_code", claudeCodeQuery(day)));
  if (console !== undefined) {
    return { activities: (console as ClaudeCodeRecord[]).map(fromClaudeCode) };
  }
  const users = await readable(client.list("/v1/organizations/analytics/users", usersQuery(day)));
  if (users === undefined) {
    return undefined;
  }
  const seatsBought = await readable(seats(client, day));
  return {
    activities: (users as UserRecord[]).map(fromUser),
    ...(seatsBought === undefined ? {} : { seatsBought }),
  };
}

function claudeCodeQuery(day: string) {
  return [
    ["starting_at", day],
    ["limit", "1000"],
  ] as const;
}

function usersQuery(day: string) {
  return [
    ["date", day],
    ["limit", "1000"],
  ] as const;
}

async function seats(client: ProviderClient, day: string): Promise<number | undefined> {
  const next = billDay(Date.parse(day) + dayMs);
  const answer = (await client.get("/v1/organizations/analytics/summaries", [
    ["starting_date", day],
    ["ending_date", next],
  ])) as { readonly summaries?: readonly Summary[]; readonly data?: readonly Summary[] };
  return (answer.summaries ?? answer.data)?.[0]?.assigned_seat_count;
}

interface Summary {
  readonly assigned_seat_count?: number;
}

function fromClaudeCode({ actor, core_metrics: core, tool_actions }: ClaudeCodeRecord): Activity {
  const { email_address: email, api_key_name: key } = actor;
  return {
    actor: email === undefined ? { kind: "key", id: key ?? "" } : { kind: "person", id: email.toLowerCase(), email },
    counts: {
      [billActivities.sessions]: count(core.num_sessions),
      [billActivities.linesAdded]: count(core.lines_of_code?.added),
      [billActivities.linesRemoved]: count(core.lines_of_code?.removed),
      [billActivities.commits]: count(core.commits_by_claude_code),
      [billActivities.pullRequests]: count(core.pull_requests_by_claude_code),
    },
    decisions: decisions(tool_actions),
  };
}

function fromUser({ user, claude_code_metrics: metrics }: UserRecord): Activity {
  const core = metrics?.core_metrics;
  const email = user.email_address ?? user.email;
  return {
    actor: { kind: "person", id: user.id, ...(email === undefined ? {} : { email }) },
    counts: {
      [billActivities.sessions]: count(core?.distinct_session_count),
      [billActivities.linesAdded]: count(core?.lines_of_code?.added_count),
      [billActivities.linesRemoved]: count(core?.lines_of_code?.removed_count),
      [billActivities.commits]: count(core?.commit_count),
      [billActivities.pullRequests]: count(core?.pull_request_count),
    },
    decisions: decisions(metrics?.tool_actions),
  };
}

/** New tools appear under new names. */
function decisions(actions: Readonly<Record<string, ToolAction>> = {}): Activity["decisions"] {
  return Object.entries(actions).map(([name, action]) => ({
    tool: name.replace(/_tool$/, ""),
    accepted: count(action.accepted ?? action.accepted_count),
    rejected: count(action.rejected ?? action.rejected_count),
  }));
}
