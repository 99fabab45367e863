import { cacheSavingsByType, decimal, type Prices, type PriceRange, type TokenPrices } from "../../telemetry/prices";
import { labels } from "../../telemetry/labels";
import { distributions, signals } from "../signals";
import { amount, type AmountOptions, sumBy, type Window } from "./amount";

/** The model's name. Data of earlier releases has a date, or the mark of a long context window. */
const pricedModel = "priced_model";
/** A model whose prices have the same ratios; empty for most. */
const pricedLike = "priced_like";

/** Most searches that one call of the tool makes. */
const searchesPerCall = 8;
const searchTool = "WebSearch";

/** Lowest cost that a window's tokens may have, by model: of plain requests. Models without a price are left out. */
export function lowestCost(prices: Prices, window: Window, options: AmountOptions = {}): string {
  return priced(prices, ({ lowest }) => weighed(lowest), window, options, [labels.model]);
}

/** Highest cost that a window's tokens may have, by model. Web searches are on no token. */
export function highestCost(prices: Prices, window: Window, options: AmountOptions = {}): string {
  return priced(prices, ({ highest }) => weighed(highest), window, options, [labels.model]);
}

/** Most that all web searches may have cost: clients report neither their number nor the model that made them. */
export function searchesCost({ webSearch }: Prices, window: Window, options: AmountOptions = {}): string {
  const matchers = [...(options.matchers ?? []), `${labels.tool}="${searchTool}"`];
  const calls = amount(distributions.toolDuration.count, window, { ...options, matchers });
  return `${decimal(webSearch * searchesPerCall)} * (${calls} or vector(0))`;
}

/** USD by which a cost is above the highest, or (negative) below the lowest; 0 between them. */
export function outsideCost(client: string, lowest: string, highest: string): string {
  return `clamp_min(${client} - ${highest}, 0) + clamp_max(${client} - ${lowest}, 0)`;
}

/** Tokens of models that the prices lack, by model. */
export function unpricedTokens(prices: Prices, window: Window, options: AmountOptions = {}): string {
  const units = unitVector(Object.entries(prices.models).map(([model]) => [model, 1]));
  return sumBy([labels.model], `${tokens(window, options)} unless on (${pricedModel}) ${units}`);
}

/** USD that the cache saved at each model's own prices, its surcharge on writing subtracted. */
export function cacheSavings(prices: Prices, window: Window, options: AmountOptions = {}): string {
  const savings = ({ lowest }: PriceRange) => weighed(cacheSavingsByType(lowest), unitOf(lowest));
  return priced(prices, savings, window, options, []);
}

/** Tokens by model and type, with the model as the prices name it. */
function tokens(window: Window, options: AmountOptions): string {
  const byModelAndType = amount(signals.tokens, window, { ...options, by: [labels.model, labels.type] });
  return `label_replace(${byModelAndType}, "${pricedModel}", "$1", "${labels.model}", "(.+?)(-[0-9]{8})?([[]1m[]])?")`;
}

/** A model's prices as weights of its tokens' types, and what a token of weight 1 costs. */
interface Weighed {
  /** USD per million. */
  readonly unit: number;
  readonly weights: readonly (readonly [type: string, weight: string])[];
}

/** The price of input; one that costs nothing has no ratio to others. */
function unitOf({ input }: TokenPrices): number {
  return input === 0 ? 1 : input;
}

function weighed(prices: Partial<TokenPrices>, unit = unitOf(prices as TokenPrices)): Weighed {
  return { unit, weights: Object.entries(prices).map(([type, usd]) => [type, String(decimal(usd / unit))]) };
}

/**
 * USD of a window's tokens. Most models' prices have the same ratios. So weights of types, and a unit for each model,
 * are shorter than a price for each model and type.
 */
function priced(
  { models }: Prices,
  weigh: (range: PriceRange) => Weighed,
  window: Window,
  options: AmountOptions,
  by: readonly string[],
): string {
  const all = Object.entries(models).map(([model, range]) => ({ model, ...weigh(range) }));
  const ratios = ({ weights }: Weighed) => weights.join(" ");
  const classes = all
    .filter((one, index) => all.findIndex((other) => ratios(other) === ratios(one)) === index)
    .map((one) => ({ ...one, members: all.filter((other) => ratios(other) === ratios(one)).map(({ model }) => model) }))
    .sort((a, b) => b.members.length - a.members.length)
    .map(({ model, weights, members }, index) => ({
      name: index === 0 ? "" : model,
      pattern: members.join("|").replaceAll(".", "[.]"),
      weights,
    }));
  const classified = classes
    .slice(1)
    .reduce(
      (vector, { name, pattern }) =>
        `label_replace(${vector}, "${pricedLike}", "${name}", "${pricedModel}", "${pattern}")`,
      tokens(window, options),
    );
  const weights = classes.flatMap(({ name, weights: own }) =>
    own.map(([type, weight]) => labelled(labelled(`vector(${weight})`, labels.type, type), pricedLike, name)),
  );
  const units = unitVector(all.map(({ model, unit }) => [model, unit / 1e6]));
  return sumBy(
    by,
    `${classified} * on (${pricedLike}, ${labels.type}) group_left () (${weights.join(" or ")}) * on (${pricedModel}) group_left () ${units}`,
  );
}

function unitVector(units: readonly (readonly [model: string, usd: number])[]): string {
  return `(${units.map(([model, usd]) => labelled(`vector(${decimal(usd)})`, pricedModel, model)).join(" or ")})`;
}

function labelled(vector: string, label: string, value: string): string {
  return value === "" ? vector : `label_replace(${vector}, "${label}", "${value}", "", "")`;
}
