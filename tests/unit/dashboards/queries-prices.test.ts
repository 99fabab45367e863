import assert from "node:assert/strict";

import {
  cacheSavings,
  highestCost,
  lowestCost,
  outsideCost,
  searchesCost,
  unpricedTokens,
} from "../../../dashboards/queries/prices";
import { listPricesOnly, pricesOf } from "../../../telemetry/prices";
import { loadParser, parses } from "./promql";

before(loadParser);

const list = pricesOf(listPricesOnly);
const raw = { source: "raw" } as const;

describe("queries about prices", () => {
  it("write a model's unit per token, exactly, and its types as weights", () => {
    const query = lowestCost(list, "1d", raw);
    assert.match(query, /vector\(0\.000003\), "priced_model", "claude-sonnet-4-5", "", ""\)/);
    assert.match(query, /vector\(1e-7\), "priced_model", "claude-haiku-5-5", "", ""\)/);
    assert.match(query, /\(label_replace\(vector\(1\), "type", "input", "", ""\) or /);
    assert.match(query, /label_replace\(vector\(1\.25\), "type", "cacheCreation", "", ""\)/);
    assert.match(query, /vector\(0\.05\), "type", "cacheRead", "", ""\), "priced_like", "claude-opus-5-5", "", ""\)/);
    assert.match(query, /"priced_like", "claude-opus-5-5", "priced_model", "claude-opus-5-5\|claude-sonnet-5-5"\)/);
    assert.match(cacheSavings(list, "1d", raw), /vector\(-0\.25\), "type", "cacheCreation", "", ""\)/);
  });

  it("are matched to tokens by model, whatever the snapshot and the context window of data of earlier releases", () => {
    const pattern = /"priced_model", "\$1", "model", "([^"]+)"\)/.exec(lowestCost(list, "1d", raw))![1]!;
    // Prometheus' syntax has brackets in a class without escaping, JavaScript's has not.
    const escaped = pattern.replace("[[]", "\\[").replace("[]]", "\\]");
    const named = (model: string) => new RegExp(`^(?:${escaped})$`, "s").exec(model)?.[1];
    assert.equal(named("claude-sonnet-4-5"), "claude-sonnet-4-5");
    assert.equal(named("claude-sonnet-4-5-20250929[1m]"), "claude-sonnet-4-5");
    assert.equal(named("claude-sonnet-4[1m]"), "claude-sonnet-4");
    assert.equal(named("some-model"), "some-model");
  });

  it("ask for the price of a web search, as often as a call may search; no call is no cost", () => {
    const query = searchesCost(list, "1d", { ...raw, matchers: ['claude_monitoring_demo=""'] });
    assert.match(query, /^0\.08 \* \(sum\(.*claude_monitoring_demo="",tool_name="WebSearch".*\) or vector\(0\)\)$/);
    assert.match(searchesCost(list, "1d"), /tool_name="WebSearch"/);
  });

  it("take a price of nothing for what it is, and a dot in a name for a dot", () => {
    const free = { input: 0, output: 2, cacheRead: 0, cacheWrite: 0 };
    const query = lowestCost(pricesOf({ multiplier: 1, models: { "own-1.5": free } }), "1d", raw);
    assert.match(query, /"priced_like", "own-1\.5", "priced_model", "own-1\[\.\]5"\)/);
    assert.match(query, /vector\(0\), "type", "input", "", ""\), "priced_like", "own-1\.5"/);
    assert.match(query, /vector\(0\.000001\), "priced_model", "own-1\.5"/);
  });

  it("can be read by Prometheus, and by a person", () => {
    const asked = [lowestCost, highestCost, cacheSavings, unpricedTokens].map((ask) => ask(list, "1d", raw));
    for (const query of [...asked, searchesCost(list, "1d", raw), outsideCost("x", "y", "z")]) {
      assert.ok(parses(query.replaceAll("$1", "x")), query);
    }
    const lengths = asked.map((query) => query.length);
    assert.ok(Math.max(...lengths) <= 4500, `${lengths.join(", ")} characters`);
  });
});
