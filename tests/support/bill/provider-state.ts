import { type BilledUse } from "./billed-use";
import { hourMs } from "../../../units";

/** One person's or key's activity with Claude Code on a day, of one kind of terminal. */
export interface BilledActivity {
  /** Beginning of the UTC day. */
  readonly dayMs: number;
  /** Its last moment; the newest hour is not answered. */
  readonly lastMs: number;
  readonly actor:
    | { readonly type: "user"; readonly id: string; readonly email: string }
    | { readonly type: "key"; readonly name: string };
  readonly terminal: string;
  readonly customerType: "api" | "subscription";
  readonly subscriptionType: "enterprise" | "team" | null;
  readonly isRemote: boolean;
  readonly sessions: number;
  readonly linesAdded: number;
  readonly linesRemoved: number;
  readonly commits: number;
  readonly pullRequests: number;
  /** By the provider's names, such as `edit_tool`. */
  readonly tools: Readonly<Record<string, { readonly accepted: number; readonly rejected: number }>>;
}

export interface Member {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

/** A person's monthly limit of spend. */
export interface SpendLimit {
  readonly userId: string;
  /** In cents; null for none. */
  readonly cents: number | null;
}

/** The seats of a day, in summaries. */
export interface Seats {
  readonly assigned: number;
  readonly pendingInvites: number;
}

/** Everything that answers are made of. A test may change it between two requests. */
export interface ProviderState {
  readonly organizationId: string;
  /** The provider's own clock, in milliseconds. */
  now: number;
  /** Up to when the figures are complete; null before the first export. */
  refreshedAtMs: number | null;
  uses: readonly BilledUse[];
  activity: readonly BilledActivity[];
  members: readonly Member[];
  spendLimits: readonly SpendLimit[];
  seats: Seats;
  /** Whole days that `/analytics/users` and `/analytics/summaries` are behind. */
  usersLagDays: number;
  /** Names of keys by their ids, for reports that name keys. */
  keyNames: Readonly<Record<string, string>>;
}

/** Uses within the range that the provider answers now: rows it has, of hours that are complete. */
export function answeredUses(state: ProviderState, startMs: number, endMs: number): BilledUse[] {
  const { now, refreshedAtMs } = state;
  return state.uses.filter(
    (use) =>
      use.hourMs >= startMs &&
      use.hourMs < endMs &&
      use.availableFromMs <= now &&
      refreshedAtMs !== null &&
      use.hourMs + hourMs <= refreshedAtMs,
  );
}
