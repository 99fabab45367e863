import list from "./price-list.json";

/** List prices of a model, in USD per million tokens. Prices that are left out follow from the price of input. */
export interface ListPrice {
  readonly input: number;
  readonly output: number;
  /** Default: a tenth of input. */
  readonly cacheRead?: number;
  /** Factor of all prices in fast mode. Default: the model has none. */
  readonly fast?: number;
  /** Factor of all prices of a request with a longer prompt. Default: there is none. */
  readonly longPrompt?: { readonly aboveTokens: number; readonly times: number };
}

/** Prices of a stack's own for a model, in USD per million tokens. Clients charge a matching row exactly as written. */
export interface OwnPrice {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** Of a write for an hour, where it differs. Clients charge `cacheWrite` for both. */
  readonly cacheWriteLong?: number;
}

/** Prices of a stack's own, in place of the list's or besides them. */
export interface OwnPrices {
  /** Factor of every price, the list's too. */
  readonly multiplier: number;
  readonly models: Readonly<Record<string, OwnPrice>>;
}

/** The list prices alone. */
export const listPricesOnly: OwnPrices = { multiplier: 1, models: {} };

interface PriceList {
  /** Month in which the prices were read. */
  readonly asOf: string;
  readonly source: string;
  /** USD for one web search. */
  readonly webSearch: number;
  /** Factor of all token prices for inference in the US alone. */
  readonly usInference: number;
  readonly perMillionTokens: Readonly<Record<string, ListPrice>>;
}

/**
 * Anthropic's public API price list, standard tier, by the models' names. A model that is missing is shown as having no
 * price, never as free.
 */
export const priceTable = list satisfies PriceList;

/** The token types that clients report. */
export const tokenTypes = ["input", "output", "cacheRead", "cacheCreation"] as const;

/** One of {@link tokenTypes}. */
export type TokenType = (typeof tokenTypes)[number];

/** USD per million tokens of each type. */
export type TokenPrices = Readonly<Record<TokenType, number>>;

/** Bounds of what a million tokens of each type may cost. Clients' metrics do not say how a request was made. */
export interface PriceRange {
  /** Of plain requests, with cache writes for five minutes. */
  readonly lowest: TokenPrices;
  /** With cache writes for an hour, in fast mode or with a long prompt, and with inference in the US. */
  readonly highest: TokenPrices;
}

/** Prices of all models, and of a web search in USD. */
export interface Prices {
  readonly models: Readonly<Record<string, PriceRange>>;
  readonly webSearch: number;
}

/** Prices as they hold for a stack. Default: the list prices alone. */
export function pricesOf({ multiplier, models }: OwnPrices = listPricesOnly): Prices {
  const ranges = { ...mapped(priceTable.perMillionTokens, listRange), ...mapped(models, ownRange) };
  const scaled = ({ lowest, highest }: PriceRange) => ({
    lowest: times(lowest, multiplier),
    highest: times(highest, multiplier),
  });
  return { models: mapped(ranges, scaled), webSearch: priceTable.webSearch * multiplier };
}

/** USD per million tokens of each type, of plain requests at list price. A cache write costs 1.25 times the input. */
export function pricesByType({ input, output, cacheRead = input / 10 }: ListPrice): TokenPrices {
  return { input, output, cacheRead, cacheCreation: input * 1.25 };
}

/** Twelve digits, so that a price in binary is written as it was meant in decimals. */
export function decimal(usd: number): number {
  return Number(usd.toPrecision(12));
}

/** Savings of the cache on a million tokens of each type, compared with input. Writing costs a surcharge. */
export function cacheSavingsByType({ input, cacheRead, cacheCreation }: TokenPrices): Partial<TokenPrices> {
  return { cacheRead: input - cacheRead, cacheCreation: input - cacheCreation };
}

function listRange(price: ListPrice): PriceRange {
  const lowest = pricesByType(price);
  const factor = Math.max(price.fast ?? 1, price.longPrompt?.times ?? 1) * priceTable.usInference;
  return { lowest, highest: times({ ...lowest, cacheCreation: price.input * 2 }, factor) };
}

function ownRange({ input, output, cacheRead, cacheWrite, cacheWriteLong = cacheWrite }: OwnPrice): PriceRange {
  const lowest = { input, output, cacheRead, cacheCreation: Math.min(cacheWrite, cacheWriteLong) };
  return { lowest, highest: { ...lowest, cacheCreation: Math.max(cacheWrite, cacheWriteLong) } };
}

function times({ input, output, cacheRead, cacheCreation }: TokenPrices, factor: number): TokenPrices {
  return {
    input: input * factor,
    output: output * factor,
    cacheRead: cacheRead * factor,
    cacheCreation: cacheCreation * factor,
  };
}

function mapped<From, To>(values: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
