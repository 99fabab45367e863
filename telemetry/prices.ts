import prices from "./price-list.json";

/** List prices of a model's tokens, in USD per million. */
export interface ListPrice {
  readonly input: number;
  readonly output: number;
}

/**
 * Anthropic's public API price list, standard tier. A model that is missing is shown as having no price, never as free.
 * `asOf` is the month in which the prices were read. A cache write for five minutes costs 1.25 times the input price, a
 * cache read a tenth of it.
 */
export const priceTable = prices satisfies { asOf: string; perMillionTokens: Readonly<Record<string, ListPrice>> };

/** The token types that clients report. */
export const tokenTypes = ["input", "output", "cacheRead", "cacheCreation"] as const;

/** One of {@link tokenTypes}. */
export type TokenType = (typeof tokenTypes)[number];

/** USD per million tokens of each type. Clients do not tell one-hour cache writes apart: all count as five minutes'. */
export function pricesByType({ input, output }: ListPrice): Readonly<Record<TokenType, number>> {
  return { input, output, cacheRead: input / 10, cacheCreation: input * 1.25 };
}

/** Savings of the cache on a million tokens of each type, compared with input. Writing costs a surcharge. */
export function cacheSavingsByType({ input }: ListPrice): Readonly<Partial<Record<TokenType, number>>> {
  return { cacheRead: input * 0.9, cacheCreation: -input * 0.25 };
}
