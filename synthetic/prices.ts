/** The models of the demo. */
export const modelNames = ["claude-sonnet-4-5", "claude-haiku-4-5", "claude-opus-4-5"] as const;

/** One of {@link modelNames}. */
export type Model = (typeof modelNames)[number];

/** Tokens of one API response. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheCreation: number;
}

/** Nano-USD per token, so that every sum is an exact integer: 1 USD per million tokens is 1000. */
type Price = Usage;

/** List prices; cache writes are those for five minutes. */
const listPrices: Readonly<Record<Model, Price>> = {
  "claude-sonnet-4-5": price(3_000, 15_000),
  "claude-haiku-4-5": price(1_000, 5_000),
  "claude-opus-4-5": price(5_000, 25_000),
};

function price(input: number, output: number): Price {
  return { input, output, cacheRead: input / 10, cacheCreation: (input * 5) / 4 };
}

/** What a response costs at list price, in nano-USD. */
export function costNanoUsd(model: Model, usage: Usage): number {
  const perToken = listPrices[model];
  return (
    usage.input * perToken.input +
    usage.output * perToken.output +
    usage.cacheRead * perToken.cacheRead +
    usage.cacheCreation * perToken.cacheCreation
  );
}
