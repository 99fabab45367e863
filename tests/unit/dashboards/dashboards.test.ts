import assert from "node:assert/strict";

import { texts } from "../../../dashboards/text/texts";
import type { DashboardOptions } from "../../../dashboards/options";
import {
  bill,
  dashboardsFor,
  english,
  panelsOf,
  seats,
  targetsOf,
  testStores,
  variablesOf,
  variants,
} from "./dashboard-model";
import { isBuiltIn, variableNames } from "./grafana-variables";

/** Ids are part of links to a panel: they may be added, never changed or used again. */
const panelIds: Readonly<Record<string, readonly number[]>> = {
  "claude-code-monitoring-api": [
    ...[100, 101, 102, 103, 104, 105],
    ...[200, 201, 202, 203, 204, 205, 206],
    ...[300, 301, 302, 303, 304, 305, 306, 307, 308, 309],
    ...[400, 401, 402],
    ...[500, 501, 502, 503, 504, 505, 506, 507, 508],
    ...[600, 601, 602, 603, 604, 605],
  ],
  "claude-code-spend": [
    ...[100, 101, 102, 103, 104, 105, 106],
    ...[200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211],
    ...[300, 301, 302, 303],
  ],
  "claude-code-adoption": [
    ...[400, 401, 402, 301, 302, 403],
    ...[100, 101, 102, 103, 104, 105],
    ...[200, 201, 202, 203, 204, 205],
    ...[300, 303, 304, 305, 306],
  ],
  // Without the provider's figures, a line says how to read them.
  "claude-code-bill": [900, 901],
  "claude-code-requests": [
    ...[600, 101, 401, 601, 602],
    ...[100, 102, 103, 104, 105, 106],
    ...[200, 201, 202],
    ...[300, 301, 302],
    ...[400, 402, 403, 404, 405, 406, 407, 408],
    ...[500, 501, 502, 503],
  ],
  "claude-code-tools": [
    ...[600, 101, 102, 302, 304, 103],
    ...[100, 104, 105, 106, 107, 108],
    ...[200, 201, 202, 203, 204],
    ...[300, 301, 303, 305],
    ...[400, 401, 402, 403, 404, 405, 406],
    ...[500, 501, 502, 503, 504],
  ],
  "claude-code-session": [
    ...[100, 101, 102, 103, 104, 105],
    ...[200, 201, 202, 203],
    ...[300, 301, 302, 303, 304, 305],
  ],
  "claude-code-events": [...[300, 301, 302, 303, 304], ...[100, 101, 102, 103, 104], ...[200, 201, 202]],
  "claude-code-trust": [
    ...[700, 701, 702],
    ...[100, 101, 102, 103, 104, 105],
    ...[200, 201, 202],
    ...[300, 301, 302, 303, 304],
    ...[400, 401, 402, 403, 404],
    ...[500, 501, 502, 503, 504, 505],
    ...[600, 601, 602],
  ],
};
const seatIds = [400, 401, 402, 403, 404];
const billIds = [
  ...[100, 101, 102, 103, 104, 105, 106, 107],
  ...[200, 201, 202, 203],
  ...[300, 301, 302, 303, 304],
  ...[400, 401, 402, 403],
  ...[500, 501, 502, 503, 504],
  ...[600, 601, 602, 603, 604],
];

describe("dashboards", () => {
  it("have the uids that links rely on", () => {
    assert.deepEqual(
      english.map(({ uid }) => uid),
      Object.keys(panelIds),
    );
    assert.ok(variants.length === Object.keys(panelIds).length * 2 * Object.keys(texts).length, "a variant is missing");
  });

  it("have a group about seats where the plan pays by seat", () => {
    const titles = ({ plan }: Parameters<typeof dashboardsFor>[0] & object) =>
      dashboardsFor({ plan: plan! }).map(({ panels }) => panels.map(({ title }) => title));
    const [withSeats, without] = [titles({ plan: seats }), titles({ plan: { kind: "api" } })];
    const { row, value, cost, factor, used } = texts.en.spend.seats;
    assert.deepEqual(withSeats[1]!.slice(without[1]!.length), [
      row,
      ...[value, cost, factor, used].map((t) => t.title),
    ]);
    assert.deepEqual(
      withSeats.filter((_, index) => index !== 1),
      without.filter((_, index) => index !== 1),
    );
  });

  it("show the configured time zone", () => {
    for (const { timezone, uid } of dashboardsFor({ timeZone: "Asia/Taipei" })) {
      assert.equal(timezone, "Asia/Taipei", uid);
    }
  });

  it("ask the configured data sources, and no others", () => {
    const dataSource = { type: "prometheus", uid: "elsewhere" } as const;
    const events = { loki: { type: "loki", uid: "l" }, tempo: { type: "tempo", uid: "t" } } as const;
    const configured = new Map<string | undefined, object>(
      [dataSource, ...Object.values(events)].map((source) => [source.type, source]),
    );
    for (const dashboard of dashboardsFor({ dataSource, events, plan: seats })) {
      const references = [
        ...panelsOf(dashboard).flatMap((panel) => [
          panel.datasource,
          ...(panel.targets ?? []).map((t) => t.datasource),
        ]),
        ...(dashboard.templating.list ?? []).flatMap((variable) => variable.datasource ?? []),
      ];
      references.forEach((reference) => {
        assert.deepEqual(reference, configured.get(reference?.type), dashboard.uid);
      });
      assert.ok(!/claude-code-monitoring-(prometheus|loki|tempo)/.test(JSON.stringify(dashboard)), dashboard.uid);
    }
  });

  it("show single events and traces where there is a store for them", () => {
    const types = (events: DashboardOptions["events"]) =>
      new Map(
        dashboardsFor({ events }).map((dashboard) => [
          dashboard.uid,
          new Set(panelsOf(dashboard).map(({ datasource }) => datasource?.type)),
        ]),
      );
    const [all, withoutTraces, none] = [types(testStores), types({ loki: testStores.loki }), types(undefined)];
    assert.deepEqual([...all.get("claude-code-session")!].sort(), ["loki", "prometheus", "tempo"]);
    assert.deepEqual([...withoutTraces.get("claude-code-session")!].sort(), ["loki", "prometheus"]);
    assert.deepEqual([...none.get("claude-code-session")!], ["prometheus"]);
    assert.deepEqual([...all.get("claude-code-events")!], ["loki"]);
    assert.deepEqual(
      [...all.keys()].filter((uid) => !none.has(uid)),
      ["claude-code-events"],
    );
  });

  it("lead from sessions' ids to the session, and from there to its events", () => {
    const links = english.flatMap(({ uid, panels }) =>
      [...JSON.stringify(panels).matchAll(/"(\/d\/[^"]*)"/g)].map(([, url]) => `${uid} ${url!}`),
    );
    const session = "/d/claude-code-session?var-session=${__value.raw}&${__url_time_range}";
    assert.deepEqual(links, [
      `claude-code-spend ${session}`,
      "claude-code-session /d/claude-code-events?var-session=$session&${__url_time_range}",
      `claude-code-events ${session}`,
      `claude-code-trust ${session}`,
    ]);
    const named = (uid: string) =>
      english.find((one) => one.uid === uid)?.templating.list?.map(({ name }) => name) ?? [];
    assert.ok(named("claude-code-session").includes("session") && named("claude-code-events").includes("session"));
  });

  it("say how to switch on what a stack has not: a demanded version, a budget, backups, the bill", () => {
    const queries = (changes: Parameters<typeof dashboardsFor>[0]) => JSON.stringify(dashboardsFor(changes));
    assert.ok(!queries({ minimumClientVersion: undefined }).includes("app_version=~"));
    assert.match(queries({ minimumClientVersion: undefined }), /Set dashboards\.minimumClientVersion/);
    assert.ok(queries({ minimumClientVersion: "2.1.330" }).includes("app_version=~"));
    assert.match(queries({ monthlyBudget: undefined }), /Set budgets\.monthly/);
    assert.ok(queries({ monthlyBudget: 4321 }).includes(" / 4321"));
    assert.match(queries({ backups: false }), /Set backup\.enabled/);
    assert.ok(!queries({ backups: true }).includes("Set backup.enabled"));
    assert.match(queries({}), /pulumi config set --secret --path bill\.key/);
    assert.ok(!queries({ bill }).includes("bill.key"));
  });

  it("link to each other, and take the reader's filters and range along", () => {
    for (const { uid, links } of english) {
      const [link] = links;
      assert.equal(link?.type, "dashboards", uid);
      assert.ok(link.includeVars && link.keepTime, uid);
      for (const other of english) {
        assert.ok(
          link.tags.every((tag) => other.tags.includes(tag)),
          `${uid} does not link to ${other.uid}`,
        );
      }
    }
  });
});

for (const { name, language, dashboard } of variants) {
  const panels = panelsOf(dashboard);

  describe(`dashboard ${name}`, () => {
    it("has a title, and ids that never change", () => {
      assert.notEqual(dashboard.title, "");
      const ids = dashboard.panels.map(({ id }) => id);
      const usual = panelIds[dashboard.uid]!;
      const more = new Map([
        ["claude-code-spend", [...usual, ...seatIds]],
        ["claude-code-bill", billIds],
      ]);
      assert.deepEqual(ids, (name.endsWith("seats)") ? more.get(dashboard.uid) : undefined) ?? usual);
      assert.equal(new Set(ids).size, ids.length);
    });

    it("has panels that neither overlap nor leave the 24 columns", () => {
      const taken = new Set<string>();
      for (const { title, gridPos } of dashboard.panels) {
        assert.ok(gridPos.x >= 0 && gridPos.w > 0 && gridPos.x + gridPos.w <= 24 && gridPos.h > 0, title);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
            assert.ok(!taken.has(`${x},${y}`), `${title} overlaps at ${x},${y}`);
            taken.add(`${x},${y}`);
          }
        }
      }
    });

    it("gives every panel a title, a description, a unit, a text for no data and a query", () => {
      for (const { id, title, description = "", fieldConfig, targets = [] } of panels.filter(
        ({ type }) => type !== "text" && type !== "alertlist",
      )) {
        assert.notEqual(title, "", String(id));
        // Chinese says the same in a third of the characters.
        assert.ok(description.length > (language === "en" ? 40 : 15), `${title}: ${description}`);
        assert.ok(fieldConfig?.defaults.unit, title);
        assert.ok(fieldConfig.defaults.noValue, title);
        assert.ok(targets.length > 0, title);
        assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title);
        for (const { expr, query = expr, refId } of targets) {
          assert.ok(query, title);
          assert.match(refId, /^[A-Z]$/, title);
        }
      }
    });

    it("asks once for a number, and for a range where time is shown", () => {
      for (const { panel, target } of targetsOf(dashboard)) {
        const overTime = panel.type === "timeseries";
        assert.equal(target.range, overTime, panel.title);
        assert.equal(target.instant, !overTime, panel.title);
        assert.equal(target.interval !== undefined, overTime, panel.title);
      }
    });

    it("renames exactly the columns that a table's queries give", () => {
      for (const { title, type, datasource, targets = [], transformations = [] } of panels) {
        if (type === "table" && datasource?.type === "prometheus") {
          const organize = transformations.find(({ id }) => id === "organize")!.options;
          const values = targets.length === 1 ? ["Value"] : targets.map(({ refId }) => `Value #${refId}`);
          const renamed = Object.keys(organize["renameByName"] as object);
          assert.deepEqual(renamed.slice(-values.length), values, title);
          assert.deepEqual(Object.keys(organize["indexByName"] as object), renamed, title);
        }
      }
    });

    it("lets All match series without the label, and picks again whenever the range changes", () => {
      const { shown, hidden } = variablesOf(dashboard);
      for (const variable of shown) {
        assert.ok(variable.label, variable.name);
        if (!["session", "text"].includes(variable.name)) {
          assert.ok(variable.multi && variable.includeAll, variable.name);
          assert.equal(variable.allValue, ".*", variable.name);
        }
      }
      for (const variable of hidden) {
        assert.ok(!variable.multi && !variable.includeAll, variable.name);
      }
      for (const { name: variable, type, refresh } of [...shown, ...hidden]) {
        assert.equal(refresh, type === "query" ? 2 : undefined, variable);
      }
      const withoutFilters = ["claude-code-trust", ...(name.endsWith("seats)") ? [] : ["claude-code-bill"])];
      assert.equal(shown.length > 0, !withoutFilters.includes(dashboard.uid));
    });

    it("has hidden variables only after those that they depend on, and none of them in an address", () => {
      const known = new Set<string>();
      for (const { name: variable, query, hide, skipUrlSync } of dashboard.templating.list ?? []) {
        for (const needed of variableNames(query)) {
          assert.ok(known.has(needed) || isBuiltIn(needed), `${variable} needs ${needed}`);
        }
        assert.equal(skipUrlSync, hide === 2, variable);
        known.add(variable);
      }
    });
  });
}
