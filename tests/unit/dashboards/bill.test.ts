import assert from "node:assert/strict";

import { peopleDashboards } from "../../../dashboards/dashboards";
import { type Text } from "../../../dashboards/text/text";
import { texts } from "../../../dashboards/text/texts";
import { billActivities, billReasons } from "../../../telemetry/bill";
import { bill, type Dashboard, dashboardsFor, defaultOptions, panelsOf, parsedDashboard } from "./dashboard-model";

/** The parts of a panel that these tests look at. */
interface Look {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly fieldConfig: {
    readonly defaults: {
      readonly min?: number;
      readonly thresholds?: { readonly steps: readonly { readonly value: number | null; readonly color: string }[] };
    };
    readonly overrides: readonly {
      readonly matcher: { readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
}

const uid = "claude-code-bill";

function billOf(changes: Parameters<typeof dashboardsFor>[0] = {}): Dashboard {
  return dashboardsFor({ bill, ...changes }).find((dashboard) => dashboard.uid === uid)!;
}

function looks(changes: Parameters<typeof dashboardsFor>[0] = {}): readonly Look[] {
  return panelsOf(billOf(changes)) as unknown as readonly Look[];
}

function panel(id: number, changes: Parameters<typeof dashboardsFor>[0] = {}): Look {
  return looks(changes).find((one) => one.id === id)!;
}

/** The words that a column or series shows, by the values that they stand for. */
function words(id: number, text: Text): Record<string, string>[] {
  return panel(id, { text }).fieldConfig.overrides.flatMap(({ properties }) =>
    properties.flatMap(({ id: property, value }) => {
      const [mapping] = property === "mappings" ? (value as { options: Record<string, { text: string }> }[]) : [];
      return mapping === undefined
        ? []
        : [Object.fromEntries(Object.entries(mapping.options).map(([from, { text: to }]) => [from, to]))];
    }),
  );
}

describe("the bill", () => {
  it("is one text without the provider's figures, which asks for nothing", () => {
    const { panels, templating } = dashboardsFor().find((dashboard) => dashboard.uid === uid)!;
    assert.deepEqual(
      panels.map(({ type }) => type),
      ["row", "text"],
    );
    assert.equal(templating.list, undefined);
  });

  it("offers as filters all who are charged or report", () => {
    const [user, team] = (billOf().templating.list ?? []).filter(({ hide }) => hide === undefined);
    const series = '{__name__=~"claude_monitoring_bill_charged_USD|claude_monitoring_bill_reported_USD"}';
    assert.deepEqual([user?.query, team?.query], [`label_values(${series}, user)`, `label_values(${series}, team)`]);
  });

  it("colours coverage by the least that it should be, and ages by those at which alerts fire", () => {
    const steps = (id: number, minCoverage: number) =>
      panel(id, { bill: { ...bill, minCoverage } }).fieldConfig.defaults.thresholds?.steps.map(({ value, color }) => [
        value,
        color,
      ]);
    for (const least of [0.8, 0.95]) {
      assert.deepEqual(steps(104, least), [
        [null, "red"],
        [least, "green"],
      ]);
    }
    assert.deepEqual(steps(106, 0.9)?.at(-1), [48 * 3600, "red"]);
    assert.deepEqual(steps(601, 0.9)?.at(-1), [6 * 3600, "red"]);
  });

  it("draws what was never charged below zero, and nothing else", () => {
    const cut = looks()
      .filter(({ type }) => type === "timeseries")
      .map(({ id, fieldConfig }) => [id, fieldConfig.defaults.min]);
    assert.deepEqual(cut, [
      [201, 0],
      [202, undefined],
      [301, 0],
      [503, 0],
    ]);
  });

  for (const [language, text] of Object.entries(texts)) {
    it(`puts every reason, activity and kind of key into words (${language})`, () => {
      const reasons = Object.values(billReasons).sort();
      const [names, meanings] = words(203, text);
      assert.deepEqual([Object.keys(names!).sort(), Object.keys(meanings!).sort()], [reasons, reasons]);
      assert.equal(names!["not_reporting"], text.bill.reasons.notReporting.name);
      assert.equal(meanings!["never_charged"], text.bill.reasons.neverCharged.meaning);
      const [activities] = words(501, text);
      assert.deepEqual(Object.keys(activities!).sort(), Object.values(billActivities).sort());
      assert.deepEqual(words(304, text), [text.bill.people.keys.kinds]);
      const shown = panel(202, { text }).fieldConfig.overrides.map(({ matcher, properties: [property] }) => {
        return [matcher.options, property?.value] as const;
      });
      assert.deepEqual(Object.fromEntries(shown), names);
    });
  }

  it("names nobody where people are not shown, and keeps the panels that alerts link to", () => {
    const left = looks({ people: false }).map(({ id }) => id);
    assert.deepEqual(
      looks()
        .map(({ id }) => id)
        .filter((id) => !left.includes(id)),
      [302, 303, 304, 504],
    );
    for (const linked of [104, 202, 601, 602]) {
      assert.ok(left.includes(linked), String(linked));
    }
    const user = billOf({ people: false }).templating.list?.find(({ name }) => name === "user");
    assert.deepEqual([user?.type, user?.query], ["constant", ".*"]);
  });

  it("is in the edition with people where there are figures", () => {
    const uids = (changes: Parameters<typeof defaultOptions>[0]) =>
      peopleDashboards(defaultOptions(changes), { key: "people", title: "people" })
        .map(parsedDashboard)
        .map((dashboard) => dashboard.uid);
    assert.ok(uids({ bill }).includes(`${uid}-people`));
    assert.ok(!uids({}).includes(`${uid}-people`));
  });
});
