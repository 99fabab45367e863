import type { Usage } from "./messages-script";

/** List prices in nano-USD per token, so that sums stay exact integers. 1 USD per million tokens = 1000. */
export interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheCreation5m: number;
  readonly cacheCreation1h: number;
}

/**
 * Anthropic's public API price list as of November 2026 (docs.claude.com, "Pricing"), standard tier, prompts up to
 * 200,000 tokens. The client carries the same list; the tests check it from outside. USD per million tokens:
 * Sonnet 4.5 is 3 in, 15 out; Haiku 4.5 is 1 in, 5 out; Opus 4.5 is 5 in, 25 out. Cache writes cost 1.25 × (5 minutes) or 2 × (1 hour) the
 * input price, cache reads 0.1 ×.
 */
export const listPrices: Readonly<Record<string, Price>> = {
  "claude-sonnet-4-5": priceOf(3_000, 15_000),
  "claude-haiku-4-5": priceOf(1_000, 5_000),
  "claude-opus-4-5": priceOf(5_000, 25_000),
};

function priceOf(input: number, output: number): Price {
  return { input, output, cacheRead: input / 10, cacheCreation5m: (input * 5) / 4, cacheCreation1h: input * 2 };
}

/** What an answer costs, in nano-USD (an exact integer). Throws for a model without a price. */
export function costNanoUsd(model: string, usage: Usage): number {
  const price = listPrices[model];
  if (price === undefined) {
    throw new Error(`no list price for model "${model}"; known: ${Object.keys(listPrices).join(", ")}`);
  }
  return (
    usage.input * price.input +
    usage.output * price.output +
    usage.cacheRead * price.cacheRead +
    usage.cacheCreation5m * price.cacheCreation5m +
    usage.cacheCreation1h * price.cacheCreation1h
  );
}
