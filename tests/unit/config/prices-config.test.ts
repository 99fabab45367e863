import assert from "node:assert/strict";

import { dashboardOptions } from "../../../config/dashboards";
import type { ConfigValue, ConfigValues } from "../../../config/paths";
import { clientPricing, collectorModels, ownPrices } from "../../../config/prices";
import { contractedTexts, texts } from "../../../dashboards/text/texts";
import { deploy } from "../components/deployment";
import { problemsOf, stackConfig } from "./stack-config";

const opus = { input: "4", output: 20 };
const profile = "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/a1b2c3";

/** Every value that must be refused, with what the message must say about it. */
const refused: readonly (readonly [key: string, value: ConfigValue, expected: RegExp])[] = [
  ["prices", "0.8", /^prices: found a single value; expected keys such as multiplier, models, aliases$/],
  ["prices.multiplier", "0", /^prices.multiplier: found "0"; expected a factor above 0, at most 10$/],
  ["prices.multiplier", "10.5", /^prices.multiplier: found "10.5"; expected a factor above 0/],
  ["prices.multiplier", "a fifth", /^prices.multiplier: found "a fifth"; expected a factor/],
  ["prices.models", "cheap", /^prices.models: found a single value; expected prices by model$/],
  ["prices.models", { "claude opus": opus }, /found this key; expected a model's name such as claude-sonnet-4-5$/],
  ["prices.models", { "claude-opus-5": { input: 1 } }, /^prices.models.claude-opus-5.output: is missing; expected USD/],
  ["prices.models", { "gpt-5.4": { output: 1 } }, /^prices.models\["gpt-5.4"\].input: is missing; expected USD/],
  ["prices.models", { "claude-opus-5": { ...opus, cache: 1 } }, /^prices.models.claude-opus-5.cache: no such key/],
  [
    "prices.models",
    { "claude-opus-5": { ...opus, cacheRead: "-1" } },
    /^prices.models.claude-opus-5.cacheRead: found "-1"; expected USD per million tokens, from 0 to 10000$/,
  ],
  ["prices.models", { "claude-opus-5": { ...opus, output: 10_001 } }, /found "10001"; expected USD per million tokens/],
  [
    "prices.models",
    { "claude-opus-4-5-20251101": opus },
    /^prices.models: found "claude-opus-4-5-20251101"; expected the name that the collector writes, "claude-opus-4-5"$/,
  ],
  ["prices.aliases", "x", /^prices.aliases: found a single value; expected names of models by what clients report$/],
  ["prices.aliases", { "a b": "claude-opus-5" }, /found this key; expected what clients report as a model/],
  ["prices.aliases", { gateway: "" }, /^prices.aliases.gateway: found ""; expected a model's name/],
  [
    "prices.aliases",
    { gateway: "anthropic/claude-opus-5" },
    /^prices.aliases.gateway: found "anthropic\/claude-opus-5"; expected a model's name such as claude-sonnet-4-5$/,
  ],
  [
    "prices.aliases",
    { gateway: "claude-opus-4.6" },
    /^prices.aliases: found "claude-opus-4.6"; expected the name that the collector writes, "claude-opus-4-6"$/,
  ],
];

const config = (values: ConfigValues) => stackConfig("dev", values);

describe("configuration of prices", () => {
  for (const [key, value, expected] of refused) {
    it(`refuses ${key} = ${JSON.stringify(value)}`, () => {
      const problems = problemsOf("dev", { [key]: value });
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.match(problems[0]!, expected);
    });
  }

  it("changes nothing where nothing is configured", async () => {
    const plain = config({});
    assert.equal(ownPrices(plain), undefined);
    assert.equal(clientPricing(plain), undefined);
    assert.deepEqual(collectorModels(plain), { labelValues: {}, modelAliases: {} });
    assert.equal(dashboardOptions(plain).text, texts.en);
    const { outputs } = await deploy("dev");
    assert.ok(!(outputs["claudeCodeSettings"] as string).includes("modelPricing"));
  });

  it("derives what is left out from the price of input, and scales nothing itself", () => {
    const own = ownPrices(config({ "prices.models": { "claude-opus-5": opus, "gpt-5.4": { ...opus, cacheRead: 0 } } }));
    const derived = { input: 4, output: 20, cacheRead: 0.4, cacheWrite: 5 };
    assert.deepEqual(own, {
      multiplier: 1,
      models: { "claude-opus-5": derived, "gpt-5.4": { ...derived, cacheRead: 0 } },
    });
    const discount = config({ "prices.multiplier": "0.8" });
    assert.deepEqual(ownPrices(discount), { multiplier: 0.8, models: {} });
    assert.deepEqual(clientPricing(discount), { multiplier: 0.8 });
  });

  it("has no price but nothing for what was not given, which validation refuses", () => {
    const own = ownPrices({ prices: { multiplier: 1, models: { m: { cacheWriteLong: 3 } }, aliases: {} } });
    const nothing = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
    assert.deepEqual(own?.models, { m: { ...nothing, cacheWriteLong: 3 } });
  });

  it("hands clients the prices in their own form, for gateways' names too, as they know one price of writing", () => {
    const pricing = clientPricing(
      config({
        "prices.models": { "claude-opus-5": { ...opus, cacheWrite: 6, cacheWriteLong: 9 } },
        "prices.aliases": { gateway: "claude-opus-5", [profile]: "claude-sonnet-5" },
      }),
    );
    const row = { input: 4, output: 20, cacheRead: 0.4, cacheWrite: 6 };
    assert.deepEqual(pricing, { overrides: { "claude-opus-5": row, gateway: row } });
  });

  it("reaches settings, collectors, price panels and words", async () => {
    const values: ConfigValues = {
      "prices.multiplier": 0.5,
      "prices.models": { "gpt-5.4": opus },
      "prices.aliases": { [profile]: "claude-opus-5-5" },
      "attributes.values": { model: ["other-model"] },
    };
    const { outputs, resources } = await deploy("dev", values);
    const settings = JSON.parse(outputs["claudeCodeSettings"] as string) as Readonly<Record<string, unknown>>;
    const row = { input: 4, output: 20, cacheRead: 0.4, cacheWrite: 5 };
    assert.deepEqual(settings["modelPricing"], { multiplier: 0.5, overrides: { "gpt-5.4": row } });
    const deployed = JSON.stringify(resources.map(({ inputs }) => inputs));
    assert.ok(deployed.includes(profile), "the collector knows the alias");
    assert.ok(deployed.includes("gpt-5\\\\\\\\.4|claude-opus-5-5|other-model|other"), "labels let the names through");
    assert.ok(deployed.includes("Contracted prices, and list prices (2026-11)"), "a row says whose prices they are");
    const { text, ownPrices: shown } = dashboardOptions(config(values));
    assert.equal(text, contractedTexts.en);
    assert.match(JSON.stringify(text.overview), /contracted prices/);
    assert.equal(shown?.multiplier, 0.5);
  });

  it("has words of contracted prices for every note of list prices, in every language", () => {
    for (const [language, name, listed] of [
      ["en", "Contracted-price value", /list-price|from list prices(?! for the rest)/i],
      ["zh-TW", "合約價價值", /依定價估算|按定價/],
    ] as const) {
      const { contracted, ...plain } = contractedTexts[language];
      assert.equal(plain.spend.seats.value.title, name);
      assert.doesNotMatch(JSON.stringify(plain).replaceAll(contracted.estimate, ""), listed);
      assert.match(JSON.stringify(texts[language]), listed);
    }
  });
});
