/** USD per million tokens. */
export type HandPrices = readonly [input: number, output: number, cacheRead: number, write5m: number, write1h: number];

/** Prices of each model, worked out by hand from the price list of November 2026. */
export const byHand: Readonly<Record<string, HandPrices>> = {
  "claude-fable-5-2": [8, 40, 0.2, 10, 16],
  "claude-fable-5-1": [10, 50, 0.25, 12.5, 20],
  "claude-fable-5": [10, 50, 1, 12.5, 20],
  "claude-mythos-5-2": [8, 40, 0.2, 10, 16],
  "claude-mythos-5-1": [10, 50, 0.25, 12.5, 20],
  "claude-mythos-5": [10, 50, 1, 12.5, 20],
  "claude-opus-5-5": [4, 20, 0.2, 5, 8],
  "claude-opus-5": [5, 25, 0.5, 6.25, 10],
  "claude-opus-4-8": [5, 25, 0.5, 6.25, 10],
  "claude-opus-4-7": [5, 25, 0.5, 6.25, 10],
  "claude-opus-4-6": [5, 25, 0.5, 6.25, 10],
  "claude-opus-4-5": [5, 25, 0.5, 6.25, 10],
  "claude-opus-4-1": [15, 75, 1.5, 18.75, 30],
  "claude-opus-4": [15, 75, 1.5, 18.75, 30],
  "claude-sonnet-5-5": [2, 10, 0.1, 2.5, 4],
  "claude-sonnet-5": [2, 10, 0.2, 2.5, 4],
  "claude-sonnet-4-6": [3, 15, 0.3, 3.75, 6],
  "claude-sonnet-4-5": [3, 15, 0.3, 3.75, 6],
  "claude-sonnet-4": [3, 15, 0.3, 3.75, 6],
  "claude-3-7-sonnet": [3, 15, 0.3, 3.75, 6],
  "claude-3-5-sonnet": [3, 15, 0.3, 3.75, 6],
  "claude-haiku-5-5": [0.1, 0.5, 0.01, 0.125, 0.2],
  "claude-haiku-4-5": [1, 5, 0.1, 1.25, 2],
  "claude-3-5-haiku": [0.8, 4, 0.08, 1, 1.6],
};
/** The same in fast mode; of Haiku 5.5, with a prompt above 100,000 tokens. */
export const dearest: Readonly<Record<string, HandPrices>> = {
  "claude-fable-5-2": [16, 80, 0.4, 20, 32],
  "claude-mythos-5-2": [16, 80, 0.4, 20, 32],
  "claude-opus-5-5": [8, 40, 0.4, 10, 16],
  "claude-opus-5": [10, 50, 1, 12.5, 20],
  "claude-opus-4-8": [10, 50, 1, 12.5, 20],
  "claude-opus-4-7": [30, 150, 3, 37.5, 60],
  "claude-opus-4-6": [30, 150, 3, 37.5, 60],
  "claude-haiku-5-5": [0.5, 2.5, 0.05, 0.625, 1],
};
