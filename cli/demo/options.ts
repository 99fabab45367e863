import { parseArgs } from "node:util";

import { StackConfig } from "../../config/schema";
import { stackNames } from "../stack-file";
import { hour } from "../../units";

/** What `npm run demo -- --help` prints. */
export const demoHelp = `Usage: npm run demo -- [options]

Sends the last day of a made-up company of 40 people through the stack's collector, so that there is something to look
at. Everything carries claude_monitoring_demo="true", and the names of its users begin with demo-. Amounts of several
runs add up.

  --stack NAME  dev (default) or prod
  --url URL     where to send (OTLP over HTTP), e.g. http://localhost:30318. Default: the stack's own
  --seed N      another number makes another day. Default: 1
  --remove      deletes what was sent, from the stack's Prometheus; what that cannot delete yet, it says from when
                it can
  --yes         also with a production stack
  --help        show this`;

/** What the demo was asked for. */
export interface DemoOptions {
  readonly stack: string;
  /** Without a trailing slash; undefined for the stack's own. */
  readonly url: string | undefined;
  readonly seed: number;
  readonly remove: boolean;
  /** Whether a production stack is meant. */
  readonly yes: boolean;
}

/** A day, and what passes until the last of it has arrived. Seconds. */
const neededOutOfOrderSeconds = 25 * hour;

/**
 * Reads the command line.
 *
 * @returns undefined if help was asked for
 * @throws Error naming the option, what was found and what was expected
 */
export function parseDemoOptions(args: string[]): DemoOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      stack: { type: "string", default: "dev" },
      url: { type: "string" },
      seed: { type: "string", default: "1" },
      remove: { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    return undefined;
  }
  const { stack, remove, yes } = values;
  if (!stackNames.some((name) => name === stack)) {
    throw new Error(`--stack: found "${stack}"; expected ${stackNames.join(" or ")}`);
  }
  if (remove && values.url !== undefined) {
    throw new Error("--url: found together with --remove; expected --stack, whose Prometheus holds what was sent");
  }
  return { stack, url: parseUrl(values.url), seed: parseSeed(values.seed), remove, yes };
}

/**
 * Refuses a stack that the demo would harm or would not work with.
 *
 * @throws Error naming the configuration key, what was found and what was expected
 */
export function checkStack(config: StackConfig, { stack, remove, yes }: DemoOptions): void {
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
      `stack ${stack}: found prometheus.outOfOrderWindow of ${Math.floor(config.prometheus.outOfOrderWindow / 3600)}h; ` +
        `expected at least ${neededOutOfOrderSeconds / 3600}h, or Prometheus refuses what is a day old`,
    );
  }
}

function parseUrl(text: string | undefined): string | undefined {
  if (text === undefined) {
    return undefined;
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || /[?#]/.test(text)) {
    throw new Error(`--url: found "${text}"; expected a URL such as http://localhost:30318`);
  }
  return text.replace(/\/+$/, "");
}

function parseSeed(text: string): number {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(seed < 2 ** 32)) {
    throw new Error(`--seed: found "${text}"; expected a whole number from 0 to ${2 ** 32 - 1}`);
  }
  return seed;
}
