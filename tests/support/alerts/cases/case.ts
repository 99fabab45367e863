import type { History } from "../alert-history";

/** What happened, and which alerts of a rule fire at the end of it. */
export interface AlertCase {
  /** Uid of the rule. */
  readonly uid: string;
  /** Completes "fires where …" or "stays silent where …". */
  readonly where: string;
  /** Labels and value of each alert that fires, worked out by hand; none: it stays silent. */
  readonly fires: readonly Expected[];
  /** Makes the history; the instant of evaluation is the history's `at`. */
  readonly history: (history: History) => void;
  /** When the rule is evaluated. Default: Wednesday 14:30 in a week of the case's own. */
  readonly at?: number;
  /** Default UTC. */
  readonly timeZone?: string;
  /** How many seconds before `at` the monitoring began. Default: long before. */
  readonly age?: number;
}

/** An alert that should fire. */
export interface Expected {
  readonly labels?: Readonly<Record<string, string>>;
  /** What its value is; a function if it depends on the instant. */
  readonly value: number | ((at: number) => number);
}

/** An instant in seconds, from its text in UTC. */
export function instant(text: string): number {
  return Date.parse(text) / 1000;
}

/** The last midnight, UTC. */
export function midnight(at: number): number {
  return Math.floor(at / 86_400) * 86_400;
}

/** The first of the month, UTC. */
export function monthBegin(at: number): number {
  const date = new Date(at * 1000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / 1000;
}

/** Days of the month that has begun. */
export function daysInMonth(at: number): number {
  const date = new Date(at * 1000);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}
