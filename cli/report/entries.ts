import { claudeCodeProduct } from "../../telemetry/bill";
import type { ChargedAmount, MonthAmounts, ReportedAmount } from "./amounts";

/** Kinds of lines: `product` and `unmatched` hold charged amounts that are no user's of Claude Code. */
export type LineKind = "user" | "team" | "product" | "unmatched" | "total";

/** Whole millionths of USD, so that sums are exact. */
export interface Sums {
  readonly metered: number;
  readonly seat: number;
  readonly guessed: number;
  readonly charged: number;
  readonly before: number;
}

/** Amounts of one line. */
export interface Entry {
  readonly kind: LineKind;
  readonly team: string;
  readonly name: string;
  readonly sums: Sums;
}

/** A team with its users, or one line of its own. */
export interface Group {
  readonly head: Entry;
  readonly members: readonly Entry[];
}

/** Columns of amounts. */
export type Column = "metered" | "seat" | "guessed" | "charged";
export const columns: readonly Column[] = ["metered", "seat", "guessed", "charged"];

/** Units of {@link Sums} in a USD. */
export const micro = 1e6;
const none: Sums = { metered: 0, seat: 0, guessed: 0, charged: 0, before: 0 };

/** Amounts by line. A user who reported in the month before alone has one too, for the team's change. */
export function entriesOf(now: MonthAmounts, before: readonly ReportedAmount[] = []): Entry[] {
  const found = new Map<string, { kind: LineKind; team: string; name: string; usd: Record<keyof Sums, number> }>();
  const add = (kind: LineKind, team: string, name: string, column: keyof Sums, usd: number) => {
    const key = JSON.stringify([kind, team, name]);
    const entry = found.get(key) ?? { kind, team, name, usd: { ...none } };
    entry.usd[column] += usd;
    found.set(key, entry);
  };
  now.reported.forEach(({ team, user, kind, usd }) => {
    add("user", team, user, kind, usd);
  });
  now.charged.forEach((amount) => {
    add(kindOf(amount), amount.team, nameOf(amount), "charged", amount.usd);
  });
  before.forEach(({ team, user, usd }) => {
    add("user", team, user, "before", usd);
  });
  return [...found.values()].map(({ usd, ...entry }) => ({ ...entry, sums: inMicros(usd) }));
}

function kindOf({ product, user }: ChargedAmount): LineKind {
  return product !== claudeCodeProduct ? "product" : user === "" ? "unmatched" : "user";
}

function nameOf(amount: ChargedAmount): string {
  const kind = kindOf(amount);
  return kind === "product" ? amount.product : kind === "unmatched" ? amount.chargedTo : amount.user;
}

function inMicros(usd: Sums): Sums {
  const whole = (column: keyof Sums) => Math.round(usd[column] * micro);
  return {
    metered: whole("metered"),
    seat: whole("seat"),
    guessed: whole("guessed"),
    charged: whole("charged"),
    before: whole("before"),
  };
}

/** Teams by name, the one that is not set last; their users by cost; then the lines of their own. */
export function groupsOf(entries: readonly Entry[]): Group[] {
  const users = entries.filter(({ kind }) => kind === "user");
  const teams = [...new Set(users.map(({ team }) => team))].sort(byName);
  const ofTeams = teams.map((team) => {
    const all = users.filter((entry) => entry.team === team);
    const members = all.filter(({ sums }) => columns.some((column) => sums[column] !== 0));
    members.sort((a, b) => reported(b.sums) - reported(a.sums) || byName(a.name, b.name));
    return { head: { kind: "team" as const, team, name: "", sums: sumOf(all) }, members };
  });
  const others = entries.filter(({ kind }) => kind !== "user");
  others.sort((a, b) => byName(a.kind, b.kind) || byName(a.name, b.name) || byName(a.team, b.team));
  return [...ofTeams.filter(({ members }) => members.length > 0), ...others.map((head) => ({ head, members: [] }))];
}

function byName(a: string, b: string): number {
  return Number(a === "") - Number(b === "") || (a < b ? -1 : a > b ? 1 : 0);
}

/** Sums of lines, column by column. */
export function sumOf(entries: readonly Entry[]): Sums {
  return entries.reduce<Sums>(
    (sum, { sums }) => ({
      metered: sum.metered + sums.metered,
      seat: sum.seat + sums.seat,
      guessed: sum.guessed + sums.guessed,
      charged: sum.charged + sums.charged,
      before: sum.before + sums.before,
    }),
    none,
  );
}

/** All reported cost. */
export function reported({ metered, seat, guessed }: Sums): number {
  return metered + seat + guessed;
}
