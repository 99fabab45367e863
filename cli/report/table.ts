import { claudeCodeProduct } from "../../telemetry/bill";
import type { ChargedAmount, MonthAmounts, ReportedAmount } from "./amounts";
import { type Apportioned, apportionGroups } from "./apportion";

/** Kinds of lines: `product` and `unmatched` hold charged amounts that are no user's of Claude Code. */
export type LineKind = "user" | "team" | "product" | "unmatched" | "total";

/** One printed line. Amounts are whole cents; undefined stands for none. */
export interface Line {
  readonly kind: LineKind;
  /** Empty where none is set. */
  readonly team: string;
  /** The user, the product, or what was charged to. */
  readonly name: string;
  readonly metered: number | undefined;
  readonly seat: number | undefined;
  readonly guessed: number | undefined;
  readonly charged: number | undefined;
  /** Share of all reported cost, in tenths of a percent. */
  readonly share: number | undefined;
  /** USD of the month. */
  readonly budget: number | undefined;
  /** Metered cost as a share of the budget. */
  readonly used: number | undefined;
  /** Change of all reported cost against the month before, as a share of that. */
  readonly change: number | undefined;
}

/** Budgets of a month in USD. */
export interface MonthBudgets {
  readonly organisation: number | undefined;
  readonly teams: ReadonlyMap<string, number>;
  /** Of each user, over all teams. */
  readonly user: number | undefined;
}

/** Input of {@link tableOf}. */
export interface TableArgs {
  readonly now: MonthAmounts;
  /** Undefined: nothing to compare with. */
  readonly before: readonly ReportedAmount[] | undefined;
  readonly budgets: MonthBudgets;
  /** The only team that is shown. Its amounts are those of the whole table. Default: all. */
  readonly team?: string | undefined;
}

/** Whole millionths of USD, so that sums are exact. */
interface Sums {
  readonly metered: number;
  readonly seat: number;
  readonly guessed: number;
  readonly charged: number;
  readonly before: number;
}

interface Entry {
  readonly kind: LineKind;
  readonly team: string;
  readonly name: string;
  readonly sums: Sums;
}

/** A team with its users, or one line of its own. */
interface Group {
  readonly head: Entry;
  readonly members: readonly Entry[];
}

type Column = "metered" | "seat" | "guessed" | "charged";
const columns: readonly Column[] = ["metered", "seat", "guessed", "charged"];
type Cents = Readonly<Record<Column, number>>;

const micro = 1e6;
const microsPerCent = 1e4;
const none: Sums = { metered: 0, seat: 0, guessed: 0, charged: 0, before: 0 };

/** The lines of a report: each team with its users below it, what is nobody's, and the total. */
export function tableOf(args: TableArgs): Line[] {
  const entries = entriesOf(args);
  const all = groupsOf(entries);
  const cents = centsOf(all);
  const isShown = ({ head }: Group) => args.team === undefined || head.team === args.team;
  const shown = all.map((group, index) => ({ group, index })).filter(({ group }) => isShown(group));
  const shares = sharesOf(shown.map(({ group }) => group));
  const meteredByUser = meteredOfUsers(entries);
  const lines = shown.flatMap(({ group: { head, members }, index }, position) => {
    const [ofGroup, ofMembers] = [cents[index], shares?.groups[position]];
    const memberLines = members.map((entry, at) =>
      line(entry, ofGroup?.members[at], ofMembers?.members[at], budgetOf(entry, args.budgets, meteredByUser), args),
    );
    const budget = budgetOf(head, args.budgets, meteredByUser);
    return [line(head, ofGroup?.whole, ofMembers?.whole, budget, args), ...memberLines];
  });
  // Teams of the month before alone count in the total's change.
  const counted = entries.filter(({ team }) => args.team === undefined || team === args.team);
  const total: Entry = { kind: "total", team: "", name: "", sums: sumOf(counted) };
  const budget = args.team === undefined ? used(args.budgets.organisation, total.sums.metered) : undefined;
  const whole = addCents(shown.map(({ index }) => cents[index]?.whole));
  return [...lines, line(total, whole, shares?.whole, budget, args)];
}

/** Amounts by line, in the order of their names. A user of the month before alone counts in the team's change only. */
function entriesOf({ now, before = [] }: TableArgs): Entry[] {
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
function groupsOf(entries: readonly Entry[]): Group[] {
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

interface GroupCents {
  readonly whole: Cents;
  readonly members: readonly Cents[];
}

function centsOf(groups: readonly Group[]): GroupCents[] {
  const parts = Object.fromEntries(
    columns.map((column) => [column, apportioned(groups, ({ sums }) => sums[column] / microsPerCent)] as const),
  ) as Readonly<Record<Column, Apportioned>>;
  const each = (pick: (part: Apportioned) => number | undefined): Cents => ({
    metered: pick(parts.metered) ?? 0,
    seat: pick(parts.seat) ?? 0,
    guessed: pick(parts.guessed) ?? 0,
    charged: pick(parts.charged) ?? 0,
  });
  return groups.map(({ members }, index) => ({
    whole: each((part) => part.groups[index]?.whole),
    members: members.map((_, at) => each((part) => part.groups[index]?.members[at])),
  }));
}

/** Undefined where nothing was reported. */
function sharesOf(groups: readonly Group[]): Apportioned | undefined {
  const all = reported(sumOf(groups.map(({ head }) => head)));
  return all === 0 ? undefined : apportioned(groups, ({ sums }) => (reported(sums) * 1000) / all);
}

/** A group without members is its own. */
function apportioned(groups: readonly Group[], quota: (entry: Entry) => number): Apportioned {
  return apportionGroups(groups.map(({ head, members }) => (members.length === 0 ? [head] : members).map(quota)));
}

function sumOf(entries: readonly Entry[]): Sums {
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

function addCents(all: readonly (Cents | undefined)[]): Cents {
  const sum = (column: Column) => all.reduce((total, cents) => total + (cents?.[column] ?? 0), 0);
  return { metered: sum("metered"), seat: sum("seat"), guessed: sum("guessed"), charged: sum("charged") };
}

function reported({ metered, seat, guessed }: Sums): number {
  return metered + seat + guessed;
}

/** Metered cost of each user, over all teams. */
function meteredOfUsers(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const result = new Map<string, number>();
  for (const { name, sums } of entries.filter(({ kind }) => kind === "user")) {
    result.set(name, (result.get(name) ?? 0) + sums.metered);
  }
  return result;
}

/** A budget and the share of it that is used. */
interface Budget {
  readonly budget: number;
  readonly used: number;
}

function budgetOf(
  { kind, team, name, sums }: Entry,
  budgets: MonthBudgets,
  meteredByUser: ReadonlyMap<string, number>,
): Budget | undefined {
  return kind === "user"
    ? used(budgets.user, meteredByUser.get(name) ?? 0)
    : kind === "team"
      ? used(budgets.teams.get(team), sums.metered)
      : undefined;
}

function used(budget: number | undefined, micros: number): Budget | undefined {
  return budget === undefined ? undefined : { budget, used: micros / micro / budget };
}

function line(
  { kind, team, name, sums }: Entry,
  cents: Cents | undefined,
  share: number | undefined,
  budget: Budget | undefined,
  { now, before }: TableArgs,
): Line {
  const isReported = kind === "user" || kind === "team" || kind === "total";
  return {
    kind,
    team,
    name,
    metered: isReported ? cents?.metered : undefined,
    seat: isReported ? cents?.seat : undefined,
    guessed: isReported ? cents?.guessed : undefined,
    charged: now.charged.length === 0 ? undefined : cents?.charged,
    share: isReported ? share : undefined,
    budget: budget?.budget,
    used: budget?.used,
    change:
      isReported && before !== undefined && sums.before > 0 ? (reported(sums) - sums.before) / sums.before : undefined,
  };
}
