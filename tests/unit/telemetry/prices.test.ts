import assert from "node:assert/strict";

import { cacheSavingsByType, listPricesOnly, type PriceRange, pricesOf, priceTable } from "../../../telemetry/prices";
import { byHand, dearest } from "../../support/hand-prices";

const rounded = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(9)));
const valuesOf = ({ input, output, cacheRead, cacheCreation }: PriceRange["lowest"]) =>
  rounded([input, output, cacheRead, cacheCreation]);

describe("prices", () => {
  it("are of every model of the list, those that follow from another and those that do not", () => {
    const { models, webSearch } = pricesOf(listPricesOnly);
    assert.deepEqual(Object.keys(models).sort(), Object.keys(byHand).sort());
    assert.equal(webSearch, 0.01);
    for (const [model, [input, output, cacheRead, write]] of Object.entries(byHand)) {
      assert.deepEqual(valuesOf(models[model]!.lowest), [input, output, cacheRead, write], model);
    }
  });

  it("have a highest that allows for writes for an hour, fast mode, long prompts and inference in the US", () => {
    const { models } = pricesOf(listPricesOnly);
    for (const [model, row] of Object.entries({ ...byHand, ...dearest })) {
      const [input, output, cacheRead, , write] = row;
      assert.deepEqual(
        valuesOf(models[model]!.highest),
        rounded([input, output, cacheRead, write].map((x) => x * 1.1)),
      );
    }
  });

  it("are named without a snapshot, and say when they were read", () => {
    assert.match(priceTable.asOf, /^\d{4}-\d{2}$/);
    for (const model of Object.keys(priceTable.perMillionTokens)) {
      assert.match(model, /^claude-[a-z0-9-]+$/);
      assert.doesNotMatch(model, /-\d{8}$/);
    }
  });

  it("are the stack's own where it has some, exactly as written, and scaled with all others", () => {
    const { models, webSearch } = pricesOf({
      multiplier: 0.8,
      models: {
        "claude-opus-5-5": { input: 3, output: 10, cacheRead: 0.5, cacheWrite: 3 },
        "gpt-5.4": { input: 1, output: 2, cacheRead: 0.5, cacheWrite: 1, cacheWriteLong: 4 },
      },
    });
    assert.equal(webSearch, 0.008);
    assert.deepEqual(valuesOf(models["claude-opus-5-5"]!.lowest), [2.4, 8, 0.4, 2.4]);
    assert.deepEqual(models["claude-opus-5-5"]!.highest, models["claude-opus-5-5"]!.lowest);
    assert.deepEqual(valuesOf(models["gpt-5.4"]!.lowest), [0.8, 1.6, 0.4, 0.8]);
    assert.deepEqual(valuesOf(models["gpt-5.4"]!.highest), [0.8, 1.6, 0.4, 3.2]);
    assert.deepEqual(valuesOf(models["claude-sonnet-4-5"]!.lowest), [2.4, 12, 0.24, 3]);
  });

  it("say what the cache saves: reading against input, less the surcharge of writing", () => {
    const saved = cacheSavingsByType({ input: 4, output: 20, cacheRead: 0.5, cacheCreation: 5 });
    assert.deepEqual(saved, { cacheRead: 3.5, cacheCreation: -1 });
  });
});
