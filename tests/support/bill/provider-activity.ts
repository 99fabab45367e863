import { type BilledUse, centsText, sumTokens, totalOf } from "./billed-use";
import { dayMs, hourMs } from "../../../units";
import { dayText, grouped, invalid, Query, timeText } from "./provider-query";
import { answeredUses, type BilledActivity, type ProviderState } from "./provider-state";

const claudeCode = "claude_code";

/** Answers `/v1/organizations/usage_report/claude_code`: one record per actor, day and kind of terminal. */
export function claudeCodeReport(parameters: URLSearchParams, state: ProviderState): unknown {
  const query = new Query(parameters, ["starting_at", "limit", "page"]);
  query.required("starting_at");
  const day = query.day("starting_at")!;
  const limit = query.limit(1000, 20);
  const activity = state.activity.filter((one) => one.dayMs === day && one.lastMs <= state.now - hourMs);
  const uses = answeredUses(state, day, day + dayMs).filter(
    (use) => use.product === claudeCode && use.hourMs + hourMs <= state.now - hourMs && use.actor.type !== "service",
  );
  const usesOf = grouped(uses, (use) => usedBy(use, state));
  const met = new Set<string>();
  const records = activity.map((one) => {
    const who = doneBy(one);
    const models = met.has(who) ? [] : (usesOf.get(who) ?? []);
    met.add(who);
    return record(state, one, models);
  });
  const withoutActivity = [...usesOf]
    .filter(([who]) => !met.has(who))
    .map(([, same]) => record(state, emptyActivity(same[0]!, day, state), same));
  const { page, next } = query.page([...records, ...withoutActivity], limit);
  return { data: page, has_more: next !== null, next_page: next };
}

function usedBy({ actor }: BilledUse, { keyNames }: ProviderState): string {
  return actor.type === "user" ? `user ${actor.email}` : `key ${keyNames[actor.id] ?? actor.id}`;
}

function doneBy({ actor }: BilledActivity): string {
  return actor.type === "user" ? `user ${actor.email}` : `key ${actor.name}`;
}

function emptyActivity(use: BilledUse, day: number, { keyNames }: ProviderState): BilledActivity {
  const { actor } = use;
  return {
    dayMs: day,
    lastMs: use.hourMs,
    actor:
      actor.type === "user"
        ? { type: "user", id: actor.id, email: actor.email }
        : { type: "key", name: keyNames[actor.id] ?? actor.id },
    ...{ terminal: "unknown", customerType: "api", subscriptionType: null, isRemote: false },
    ...{ sessions: 0, linesAdded: 0, linesRemoved: 0, commits: 0, pullRequests: 0, tools: {} },
  };
}

function record(state: ProviderState, one: BilledActivity, uses: readonly BilledUse[]): unknown {
  const { actor } = one;
  return {
    date: timeText(one.dayMs),
    actor:
      actor.type === "user"
        ? { type: "user_actor", email_address: actor.email }
        : { type: "api_actor", api_key_name: actor.name },
    organization_id: state.organizationId,
    customer_type: one.customerType,
    subscription_type: one.subscriptionType,
    terminal_type: one.terminal,
    is_remote: one.isRemote,
    core_metrics: {
      num_sessions: one.sessions,
      lines_of_code: { added: one.linesAdded, removed: one.linesRemoved },
      commits_by_claude_code: one.commits,
      pull_requests_by_claude_code: one.pullRequests,
    },
    tool_actions: one.tools,
    model_breakdown: [...grouped(uses, (use) => use.model)].map(([model, same]) => {
      const tokens = sumTokens(same);
      const list = same.reduce((sum, use) => sum + totalOf(use.listCents), 0);
      return {
        model,
        tokens: {
          input: tokens.uncachedInput,
          output: tokens.output,
          cache_read: tokens.cacheRead,
          cache_creation: tokens.cacheWrite5m + tokens.cacheWrite1h,
        },
        estimated_cost: { currency: "USD", amount: Math.round(list / 1e6) },
      };
    }),
  };
}

/** Answers `/v1/organizations/analytics/users`: one row per person of a day, or of several days together. */
export function analyticsUsers(parameters: URLSearchParams, state: ProviderState): unknown {
  const query = new Query(parameters, ["date", "starting_date", "ending_date", "limit", "page"]);
  const date = query.day("date");
  if (date !== undefined && query.one("starting_date") !== undefined) {
    throw invalid("date: not together with starting_date");
  }
  const { startMs, endMs } = date === undefined ? days(query, state, 366) : { startMs: date, endMs: date + dayMs };
  refuseTooRecent(date === undefined ? "ending_date" : "date", endMs, state);
  const limit = query.limit(1000, 20);
  const within = state.activity.filter(({ dayMs: day }) => day >= startMs && day < endMs);
  const people = grouped(within, (one) => (one.actor.type === "user" ? one.actor.id : "")).entries();
  const rows = [...people].filter(([id]) => id !== "").map(([, same]) => userRow(same));
  const { page, next } = query.page(rows, limit);
  return { data: page, next_page: next };
}

function userRow(activity: readonly BilledActivity[]): unknown {
  const sum = (value: (one: BilledActivity) => number) => activity.reduce((total, one) => total + value(one), 0);
  const { actor } = activity[0]!;
  const tool = (name: string) => ({
    accepted_count: sum((one) => one.tools[name]?.accepted ?? 0),
    rejected_count: sum((one) => one.tools[name]?.rejected ?? 0),
  });
  const tools = ["edit_tool", "multi_edit_tool", "write_tool", "notebook_edit_tool"];
  return {
    user: actor.type === "user" ? { type: "user_actor", id: actor.id, email_address: actor.email } : null,
    chat_metrics: { distinct_conversation_count: 0, message_count: 0 },
    claude_code_metrics: {
      core_metrics: {
        distinct_session_count: sum((one) => one.sessions),
        commit_count: sum((one) => one.commits),
        pull_request_count: sum((one) => one.pullRequests),
        artifacts_created_count: 0,
        lines_of_code: {
          added_count: sum((one) => one.linesAdded),
          removed_count: sum((one) => one.linesRemoved),
        },
      },
      tool_actions: Object.fromEntries(tools.map((name) => [name, tool(name)])),
    },
  };
}

/** Answers `/v1/organizations/analytics/summaries`: one entry per day, on one page. */
export function analyticsSummaries(parameters: URLSearchParams, state: ProviderState): unknown {
  const query = new Query(parameters, ["starting_date", "ending_date"]);
  const { startMs, endMs } = days(query, state, 31);
  refuseTooRecent("ending_date", endMs, state);
  const active = (from: number, to: number) =>
    new Set(
      state.activity
        .filter(({ dayMs: day }) => day >= from && day < to)
        .flatMap(({ actor }) => (actor.type === "user" ? [actor.id] : [])),
    ).size;
  const rate = (users: number) => (state.seats.assigned === 0 ? null : (100 * users) / state.seats.assigned);
  const data = Array.from({ length: (endMs - startMs) / dayMs }, (_, index) => {
    const day = startMs + index * dayMs;
    const [daily, weekly, monthly] = [1, 7, 30].map((length) => active(day - (length - 1) * dayMs, day + dayMs));
    return {
      starting_at: timeText(day),
      ending_at: timeText(day + dayMs),
      assigned_seat_count: state.seats.assigned,
      pending_invite_count: state.seats.pendingInvites,
      daily_active_user_count: daily!,
      weekly_active_user_count: weekly!,
      monthly_active_user_count: monthly!,
      daily_adoption_rate: rate(daily!),
      weekly_adoption_rate: rate(weekly!),
      monthly_adoption_rate: rate(monthly!),
    };
  });
  return { data, next_page: null };
}

/** Days from `starting_date` to `ending_date`, the latter excluded. */
function days(query: Query, state: ProviderState, most: number): { startMs: number; endMs: number } {
  query.required("starting_date");
  const startMs = query.day("starting_date")!;
  const endMs = query.day("ending_date") ?? latestDay(state) + dayMs;
  if (endMs <= startMs || endMs - startMs > most * dayMs) {
    throw invalid(`ending_date: expected 1 to ${most} days after starting_date`);
  }
  return { startMs, endMs };
}

function latestDay({ now, usersLagDays }: ProviderState): number {
  return Math.floor(now / dayMs) * dayMs - usersLagDays * dayMs;
}

function refuseTooRecent(name: string, endMs: number, state: ProviderState): void {
  if (endMs - dayMs > latestDay(state)) {
    throw invalid(`${name}: data is available up to ${dayText(latestDay(state))}`);
  }
}

/** Answers `/v1/organizations/spend_limits/effective`. */
export function spendLimits(parameters: URLSearchParams, state: ProviderState): unknown {
  const query = new Query(parameters, ["limit", "page"], ["user_ids[]", "period[]"]);
  const ids = query.list("user_ids");
  const periods = query.knownList("period", ["daily", "weekly", "monthly"]);
  const monthStart = Date.parse(`${dayText(state.now).slice(0, 7)}-01T00:00:00Z`);
  const spent = answeredUses(state, monthStart, state.now);
  const rows = state.spendLimits
    .filter(({ userId }) => ids.length === 0 || ids.includes(userId))
    .filter(() => periods.length === 0 || periods.includes("monthly"))
    .map(({ userId, cents }) => {
      const member = state.members.find(({ id }) => id === userId);
      const own = spent.filter(({ actor }) => actor.id === userId);
      return {
        scope: { type: "user", user_id: userId },
        actor: {
          type: "user_actor",
          user_id: userId,
          name: member?.name ?? "",
          email_address: member?.email ?? "",
          deleted: member === undefined,
        },
        amount: cents === null ? null : String(cents),
        currency: "USD",
        period: "monthly",
        source: { type: "seat_tier", seat_tier: "enterprise_standard" },
        spend_limit_id: `spl_${userId}`,
        period_to_date_spend: centsText(own.reduce((sum, use) => sum + totalOf(use.cents), 0)),
      };
    });
  const { page, next } = query.page(rows, query.limit(1000, 20));
  return { data: page, next_page: next };
}

/** Answers `/v1/organizations/users`, whose cursor is the last person's id. */
export function memberList(parameters: URLSearchParams, { members }: ProviderState): unknown {
  const query = new Query(parameters, ["limit", "after_id"]);
  const after = query.one("after_id");
  const position = members.findIndex(({ id }) => id === after);
  if (after !== undefined && position < 0) {
    throw invalid("after_id: nobody has this id");
  }
  const limit = query.limit(1000, 20);
  const page = members.slice(position + 1, position + 1 + limit);
  return {
    data: page.map(({ id, email, name }) => ({ type: "user", id, email, name, role: "claude_code_user" })),
    has_more: position + 1 + limit < members.length,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}
