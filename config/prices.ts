import { z } from "zod";

import type { ModelPricing } from "../client/settings";
import type { LabelValues } from "../components/collector/labels";
import type { ModelAliases } from "../components/collector/models";
import { modelName } from "../telemetry/models";
import { decimal, listPricesOnly, type OwnPrice, type OwnPrices, pricesByType } from "../telemetry/prices";
import { formatPath } from "./paths";
import type { Privacy } from "./privacy";
import * as value from "./values";

export const title = "Prices";

/** As clients take them: a price beyond makes them ignore the row. */
const priceExpected = "USD per million tokens, from 0 to 10000";
const price = value.parsed(priceExpected, (text) => numberUpTo(text, 10_000));
const multiplier = value.parsed("a factor above 0, at most 10", (text) => {
  const factor = numberUpTo(text, 10);
  return factor === 0 ? undefined : factor;
});
const model = value.matching("a model's name such as claude-sonnet-4-5", /^[a-zA-Z0-9][\w.:-]{0,59}$/);
const spelling = value.matching("what clients report as a model, at most 300 characters", /^[^\s"\\]{1,300}$/);

const ofModel = value.group({
  input: price.optional().describe("USD per million tokens of input; must be given"),
  output: price.optional().describe("USD per million tokens of output; must be given"),
  cacheRead: price.optional().describe("USD per million tokens read from the cache; a tenth of `input` without"),
  cacheWrite: price.optional().describe("USD per million tokens written to the cache; 1.25 times `input` without"),
  cacheWriteLong: price
    .optional()
    .describe(
      "USD per million tokens written for an hour, where that differs from `cacheWrite`; clients charge `cacheWrite` for both",
    ),
});

export const schema = {
  prices: value.group({
    multiplier: multiplier
      .prefault(1)
      .describe("Factor of every price, of the list and of `prices.models`; `0.8` is a discount of a fifth"),
    models: z
      .record(model, ofModel, { error: "expected prices by model" })
      .prefault({})
      .describe("Prices by model, besides those of the list or in their place"),
    aliases: z
      .record(spelling, model, { error: "expected names of models by what clients report" })
      .prefault({})
      .describe("Names of models by what clients report, for names of gateways and ARNs of inference profiles"),
  }),
};

export type Prices = value.ValuesOf<typeof schema>;

/** Prices that lack a part, and spellings of a name in the places of names: nothing would ever match them. */
export function contradictions({ prices: { models, aliases } }: Prices): string[] {
  const spelled = (path: string, name: string) =>
    modelName(name) === name
      ? []
      : [`${path}: found "${name}"; expected the name that the collector writes, "${modelName(name)}"`];
  const incomplete = Object.entries(models).flatMap(([name, row]) =>
    (["input", "output"] as const)
      .filter((key) => row[key] === undefined)
      .map((key) => `${formatPath(["prices", "models", name, key])}: is missing; expected ${priceExpected}`),
  );
  return [
    ...incomplete,
    ...Object.keys(models).flatMap((name) => spelled("prices.models", name)),
    ...Object.values(aliases).flatMap((name) => spelled("prices.aliases", name)),
  ];
}

/** Prices of the organisation's own; undefined where the list prices hold. */
export function ownPrices({ prices: { multiplier: factor, models } }: Prices): OwnPrices | undefined {
  const rows = Object.entries(models).map(([name, row]) => [name, withDerived(row)] as const);
  return factor === listPricesOnly.multiplier && rows.length === 0
    ? undefined
    : { multiplier: factor, models: Object.fromEntries(rows) };
}

/** Input and output are there: that has been validated. Left out, the others have the list's ratios. */
function withDerived({ input = 0, output = 0, cacheWriteLong, ...given }: z.output<typeof ofModel>): OwnPrice {
  const usual = pricesByType({ input, output });
  return {
    input,
    output,
    cacheRead: given.cacheRead ?? decimal(usual.cacheRead),
    cacheWrite: given.cacheWrite ?? decimal(usual.cacheCreation),
    ...(cacheWriteLong === undefined ? {} : { cacheWriteLong }),
  };
}

/** The same prices for clients; undefined where the list prices hold. Gateways' names get the price of their model. */
export function clientPricing(config: Prices): ModelPricing | undefined {
  const own = ownPrices(config);
  const rows = Object.entries(own?.models ?? {}).flatMap(([name, { input, output, cacheRead, cacheWrite }]) => {
    const aliases = Object.entries(config.prices.aliases).filter(([, target]) => target === name);
    return [name, ...aliases.map(([spelled]) => spelled)].map(
      (spelled) => [spelled, { input, output, cacheRead, cacheWrite }] as const,
    );
  });
  return (
    own && {
      ...(own.multiplier === listPricesOnly.multiplier ? {} : { multiplier: own.multiplier }),
      ...(rows.length === 0 ? {} : { overrides: Object.fromEntries(rows) }),
    }
  );
}

/** Models as the collector names them, and as labels let them through. */
export function collectorModels({ prices, attributes: { values } }: Prices & Pick<Privacy, "attributes">): {
  readonly labelValues: LabelValues;
  readonly modelAliases: ModelAliases;
} {
  const named = [...Object.keys(prices.models), ...Object.values(prices.aliases), ...(values["model"] ?? [])];
  return {
    labelValues: named.length === 0 ? values : { ...values, model: [...new Set(named)] },
    modelAliases: prices.aliases,
  };
}

function numberUpTo(text: string, most: number): number | undefined {
  return /^\d{1,5}(\.\d{1,9})?$/.test(text) && Number(text) <= most ? Number(text) : undefined;
}
