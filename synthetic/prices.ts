import { pricesByType, priceTable, type TokenType } from "../telemetry/prices";

/** The models that the company uses. */
export const models = {
  usual: "claude-sonnet-4-5",
  large: "claude-opus-4-5",
  /** For subagents that search, and for what the client asks on its own. */
  small: "claude-haiku-4-5",
} as const satisfies Readonly<Record<string, keyof typeof priceTable.perMillionTokens>>;

/** One of {@link models}. */
export type Model = (typeof models)[keyof typeof models];

/** Tokens of one API response, by type. */
export type Usage = Readonly<Record<TokenType, number>>;

/** 1 USD per million tokens, in nano-USD per token: every list price is then an integer, and so is every sum. */
const nanoUsdPerToken = 1000;

/** The cost of a response at list price, in nano-USD. */
export function costNanoUsd(model: Model, usage: Usage): number {
  const prices = Object.entries(pricesByType(priceTable.perMillionTokens[model])) as [TokenType, number][];
  return prices.reduce((sum, [type, usd]) => sum + usage[type] * Math.round(usd * nanoUsdPerToken), 0);
}
