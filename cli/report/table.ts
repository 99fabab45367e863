import type { MonthAmounts, ReportedAmount } from "./amounts";
import { type Apportioned, apportionGroups } from "./apportion";
import {
  type Column,
  columns,
  entriesOf,
  type Entry,
  type Group,
  groupsOf,
  type LineKind,
  micro,
  reported,
  sumOf,
} from "./entries";

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

const microsPerCent = micro / 100;
type Cents = Readonly<Record<Column, number>>;

/** The lines of a report: each team with its users below it, what is nobody's, and the total. */
export function tableOf(args: TableArgs): Line[] {
  const entries = entriesOf(args.now, args.before);
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

function addCents(all: readonly (Cents | undefined)[]): Cents {
  const sum = (column: Column) => all.reduce((total, cents) => total + (cents?.[column] ?? 0), 0);
  return { metered: sum("metered"), seat: sum("seat"), guessed: sum("guessed"), charged: sum("charged") };
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
