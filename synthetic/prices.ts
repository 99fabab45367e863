import { pricesByType, priceTable, type TokenType } from "../telemetry/prices";

/** The models of the demo. */
export const modelNames = [
  "claude-sonnet-4-5",
  "claude-haiku-4-5",
  "claude-opus-4-5",
] as const satisfies readonly (keyof typeof priceTable.perMillionTokens)[];

/** One of {@link modelNames}. */
export type Model = (typeof modelNames)[number];

/** Tokens of one API response, by type. */
export type Usage = Readonly<Record<TokenType, number>>;

/** 1 USD per million tokens, in nano-USD per token: every list price is then an integer, and so is every sum. */
const nanoUsdPerToken = 1000;

/** What a response costs at list price, in nano-USD. */
export function costNanoUsd(model: Model, usage: Usage): number {
  const prices = Object.entries(pricesByType(priceTable.perMillionTokens[model])) as [TokenType, number][];
  return prices.reduce((sum, [type, usd]) => sum + usage[type] * Math.round(usd * nanoUsdPerToken), 0);
}
