import { StackConfig } from "../../config/schema";
import { day, hour } from "../../units";

/** Options of the demo. */
export interface DemoOptions {
  readonly stack: string;
  /** Without a trailing slash. Default: the stack's own. */
  readonly url?: string;
  readonly seed: number;
  /** Default: {@link longestDemo}, or what the stack lets in; 1 for another address. */
  readonly days?: number;
  readonly remove?: boolean;
  /** Set if a production stack is meant. */
  readonly yes?: boolean;
}

/** Two weeks, so that one can be compared with the other. Days. */
export const longestDemo = 14;

/** Time until the last of a demo has arrived, in seconds. */
const sendingTime = hour;

/** Time from the begin of a demo of so many days until the last of it has arrived, in seconds. */
export function demoSpan(days: number): number {
  return days * day + sendingTime;
}

/** Number of days that a stack lets in, at most {@link longestDemo}. */
export function daysLetIn(config: StackConfig): number {
  return Math.min(longestDemo, Math.floor((config.prometheus.outOfOrderWindow - sendingTime) / day));
}

/**
 * Refuses a stack that the demo would harm or would not work with.
 *
 * @throws Error naming the configuration key, what was found and what was expected
 */
export function checkStack(config: StackConfig, { stack, days = 1, remove = false, yes = false }: DemoOptions): void {
  if (config.environment === "production" && !yes) {
    const what = remove ? "deletes data of" : "sends made-up data to";
    throw new Error(
      `stack ${stack}: found environment "production"; expected "development", or --yes, as this ${what} it`,
    );
  }
  if (config.collection === "none") {
    throw new Error(`stack ${stack}: found collection "none"; expected "in-cluster", a stack that data can be sent to`);
  }
  const needed = demoSpan(days);
  if (!remove && config.prometheus.outOfOrderWindow < needed) {
    throw new Error(
      `stack ${stack}: found prometheus.outOfOrderWindow of ${Math.floor(config.prometheus.outOfOrderWindow / hour)}h; ` +
        `expected at least ${needed / hour}h, or Prometheus refuses what is ${days} days old`,
    );
  }
}

/**
 * The base URL of an OTLP/HTTP receiver.
 *
 * @throws Error naming the option, what was found and what was expected
 */
export function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || /[?#]/.test(text)) {
    throw new Error(`--url: found "${text}"; expected a URL such as http://localhost:30318`);
  }
  return text.replace(/\/+$/, "");
}

/**
 * The number of days.
 *
 * @throws Error naming the option, what was found and what was expected
 */
export function readDays(text: string): number {
  const days = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > longestDemo) {
    throw new Error(`--days: found "${text}"; expected a whole number from 1 to ${longestDemo}`);
  }
  return days;
}

/**
 * The seed of a company.
 *
 * @throws Error naming the option, what was found and what was expected
 */
export function readSeed(text: string): number {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(seed < 2 ** 32)) {
    throw new Error(`--seed: found "${text}"; expected a whole number from 0 to ${2 ** 32 - 1}`);
  }
  return seed;
}
