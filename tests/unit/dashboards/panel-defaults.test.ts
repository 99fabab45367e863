import assert from "node:assert/strict";

import { modelColours } from "../../../dashboards/kit/colours";
import { units } from "../../../dashboards/kit/units";
import { priceTable } from "../../../telemetry/prices";
import { type Panel, panelsOf, variants } from "./dashboard-model";

/** The part of a panel's model that decides how it looks. */
interface Look {
  readonly type: string;
  readonly title: string;
  readonly maxDataPoints?: number;
  readonly fieldConfig: {
    readonly defaults: {
      readonly unit?: string;
      readonly noValue?: string;
      readonly decimals?: number;
      readonly max?: number;
      readonly displayName?: string;
      readonly color?: { readonly mode: string; readonly fixedColor?: string };
      readonly thresholds?: { readonly steps: readonly { readonly value: number | null; readonly color: string }[] };
      readonly custom?: Readonly<Record<string, unknown>>;
    };
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
  readonly options: Readonly<Record<string, unknown>>;
  readonly targets: readonly { readonly legendFormat?: string; readonly datasource: { readonly type: string } }[];
  readonly transformations?: readonly { readonly id: string; readonly options: Readonly<Record<string, unknown>> }[];
}

/** Types of panels that ask nothing of a data source. */
const withoutQuery = ["text", "alertlist"];

const panels = variants.flatMap(({ dashboard }) => panelsOf(dashboard) as readonly (Panel & Look)[]);

function each(type: string, check: (panel: Look) => void): void {
  const found = panels.filter((panel) => panel.type === type);
  assert.ok(found.length > 0, `found no ${type}`);
  found.forEach(check);
}

describe("the looks of every panel", () => {
  it("never say No data: a number is 0 where nothing happened, and a dash where it cannot be known", () => {
    for (const { type, title, fieldConfig } of panels.filter((panel) => !withoutQuery.includes(panel.type))) {
      const { noValue, unit } = fieldConfig.defaults;
      assert.ok(noValue === "–" || (noValue === "0" && type === "stat"), `${title}: ${noValue}`);
      assert.ok(noValue === "–" || unit !== units.share, `${title}: a share of nothing is no number`);
    }
    const zero = new Set(
      panels
        .filter(({ type, fieldConfig }) => !withoutQuery.includes(type) && fieldConfig.defaults.noValue === "0")
        .map(({ title }) => title),
    );
    for (const title of ["Active sessions", "Retries exhausted", "Refusals", "Cost in range"]) {
      assert.ok(zero.has(title), title);
    }
  });

  it("are red for alarms only: a ranking has one colour and one step", () => {
    each("bargauge", ({ title, fieldConfig: { defaults } }) => {
      assert.equal(defaults.color?.mode, "fixed", title);
      assert.equal(defaults.color.fixedColor, defaults.unit === units.usd ? "green" : "blue", title);
      assert.deepEqual(
        defaults.thresholds?.steps.map(({ value }) => value),
        [null],
        title,
      );
    });
  });

  it("have small type in rankings, however few their bars are", () => {
    each("bargauge", ({ title, options }) => {
      const { sizing, minVizHeight, maxVizHeight, valueMode, showUnfilled, namePlacement, displayMode, text } = options;
      assert.deepEqual(
        { sizing, minVizHeight, maxVizHeight, valueMode, showUnfilled, namePlacement, displayMode, text },
        {
          sizing: "manual",
          minVizHeight: 16,
          maxVizHeight: 22,
          valueMode: "text",
          showUnfilled: false,
          namePlacement: "left",
          displayMode: "gradient",
          text: { titleSize: 13, valueSize: 14 },
        },
        title,
      );
    });
  });

  it("name a single bar", () => {
    each("bargauge", ({ title, fieldConfig: { defaults }, targets: [target], options }) => {
      const [, label] = /^\{\{(\w+)\}\}$/.exec(target?.legendFormat ?? "") ?? [];
      if (target?.datasource.type === "loki") {
        assert.deepEqual(options["reduceOptions"], { values: true, calcs: [], limit: 25 }, title);
      } else if (label !== undefined) {
        assert.equal(defaults.displayName, `\${__field.labels.${label}}`, title);
      }
    });
  });

  it("do not shout in numbers", () => {
    each("stat", ({ title, options, fieldConfig: { defaults } }) => {
      assert.deepEqual(options["text"], { titleSize: 13, valueSize: 36 }, title);
      assert.equal(options["colorMode"], "value", title);
      const limited = (defaults.thresholds?.steps.length ?? 1) > 1;
      const topic = defaults.unit === units.usd ? "green" : "blue";
      assert.deepEqual(defaults.color, limited ? { mode: "thresholds" } : { mode: "fixed", fixedColor: topic }, title);
    });
  });

  it("have bars that are wider than needles, and no axis of shares beyond 100 %", () => {
    each("timeseries", ({ title, maxDataPoints, fieldConfig: { defaults } }) => {
      assert.equal(maxDataPoints, 120, title);
      assert.equal(defaults.max, defaults.unit === units.share ? 1 : undefined, title);
      assert.match(defaults.color?.mode ?? "", /^(fixed|palette-classic-by-name)$/, title);
    });
  });

  it("give dollars two decimals, in tables too", () => {
    for (const { title, fieldConfig } of panels.filter(({ type }) => !withoutQuery.includes(type))) {
      const { unit, decimals } = fieldConfig.defaults;
      if (unit === units.usd) {
        assert.ok(decimals !== undefined && decimals >= 2, title);
      }
      for (const { properties } of fieldConfig.overrides) {
        const value = (id: string) => properties.find((property) => property.id === id)?.value;
        assert.equal(value("decimals"), value("unit") === units.usd ? 2 : undefined, title);
      }
    }
  });

  it("fit tables into their width, and leave cells empty that an entry lacks", () => {
    each("table", ({ title, fieldConfig: { defaults }, options, transformations = [] }) => {
      assert.equal(defaults.custom?.["minWidth"], 60, title);
      assert.equal(options["cellHeight"], "sm", title);
      for (const { id, options: settings } of transformations) {
        assert.ok(id !== "extractFields" || settings["jsonPaths"] === undefined, title);
      }
    });
  });

  it("use units that people say", () => {
    const said = new Set<string | undefined>(Object.values(units));
    for (const { title, fieldConfig } of panels.filter(({ type }) => !withoutQuery.includes(type))) {
      assert.ok(said.has(fieldConfig.defaults.unit), `${title}: ${fieldConfig.defaults.unit}`);
    }
    assert.ok(!said.has("opm"));
  });
});

describe("the colours of models", () => {
  /** The colour that Grafana gives a series: the last override that matches wins. */
  function colourOf(model: string): string | undefined {
    return modelColours.findLast(({ pattern }) => new RegExp(pattern.slice(1, -1)).test(model))?.colour;
  }

  it("are the same on every panel that shows models", () => {
    const wanted = modelColours.map(({ pattern, colour }) => [pattern, { mode: "fixed", fixedColor: colour }]);
    const shown = panels.filter(
      ({ type, targets }) =>
        /^(timeseries|bargauge|piechart)$/.test(type) &&
        targets.some(
          ({ legendFormat = "", datasource }) => datasource?.type === "prometheus" && legendFormat === "{{model}}",
        ),
    );
    assert.ok(new Set(shown.map(({ title }) => title)).size > 5);
    for (const { title, fieldConfig } of shown) {
      const found = fieldConfig.overrides
        .filter(({ matcher }) => matcher.id === "byRegexp")
        .map(({ matcher, properties: [property] }) => [matcher.options, property?.value]);
      assert.deepEqual(found, wanted, title);
    }
  });

  it("tell apart the versions of a family that have a price, and begin with it for a new one", () => {
    const known = Object.keys(priceTable.perMillionTokens);
    for (const family of ["opus", "sonnet", "haiku"]) {
      const colours = known
        .filter((model) => model.includes(family))
        .slice(0, 3)
        .map(colourOf);
      assert.equal(new Set(colours).size, colours.length, family);
      assert.equal(colourOf(`claude-${family}-9`), colours[0], family);
    }
    assert.equal(colourOf("another"), undefined);
  });
});
