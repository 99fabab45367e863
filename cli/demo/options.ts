import { StackConfig } from "../../config/schema";
import { hour } from "../../units";

/** Options of the demo. */
export interface DemoOptions {
  readonly stack: string;
  /** Without a trailing slash. Default: the stack's own. */
  readonly url?: string;
  readonly seed: number;
  readonly remove?: boolean;
  /** Set if a production stack is meant. */
  readonly yes?: boolean;
}

/** A day, and what passes until the last of it has arrived. Seconds. */
const neededOutOfOrderSeconds = 25 * hour;

/**
 * Refuses a stack that the demo would harm or would not work with.
 *
 * @throws Error naming the configuration key, what was found and what was expected
 */
export function checkStack(config: StackConfig, { stack, remove = false, yes = false }: DemoOptions): void {
  if (config.environment === "production" && !yes) {
    const what = remove ? "deletes data of" : "sends made-up data to";
    throw new Error(
      `stack ${stack}: found environment "production"; expected "development", or --yes, as this ${what} it`,
    );
  }
  if (config.collection === "none") {
    throw new Error(`stack ${stack}: found collection "none"; expected "in-cluster", a stack that data can be sent to`);
  }
  if (!remove && config.prometheus.outOfOrderWindow < neededOutOfOrderSeconds) {
    throw new Error(
      `stack ${stack}: found prometheus.outOfOrderWindow of ${Math.floor(config.prometheus.outOfOrderWindow / hour)}h; ` +
        `expected at least ${neededOutOfOrderSeconds / hour}h, or Prometheus refuses what is a day old`,
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
 * The seed of a day.
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
