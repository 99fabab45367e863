import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { alertPanels } from "../../../dashboards/alerts/alert";
import type { AlertOptions } from "../../../dashboards/alerts/options";
import { texts } from "../../../dashboards/text/texts";
import { alertGroups, alerts } from "./alert-model";
import { bill, dashboardsFor } from "./dashboard-model";
import { calledFunctions, loadParser, parses, selectors } from "./promql";
import { checkScope } from "./rollup-scope";
import { root } from "../config/stack-config";

const runbooks = path.join(root, "docs/runbooks");

/** With every budget, in every language, in a zone with and without changes of the clocks. */
const all = Object.values(texts).flatMap((text) =>
  ["UTC", "Europe/Berlin", "America/New_York"].flatMap((timeZone) => alerts({ text }, { timeZone })),
);
const english = alerts();
/** Compares single sessions. */
const bySession = ["claude-ledger-events", "claude-ledger-metrics"];

describe("alerts", () => {
  before(loadParser);

  it("have uids and names of their own, and intervals that Grafana takes", () => {
    for (const [text, one] of Object.entries(texts).map(
      ([name, words]) => [name, alertGroups({ text: words })] as const,
    )) {
      const rules = one.flatMap((group) => group.alerts);
      assert.equal(new Set(rules.map(({ uid }) => uid)).size, rules.length, text);
      assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length, text);
      assert.equal(new Set(one.map(({ name }) => name)).size, one.length, text);
      assert.equal(new Set(one.map(({ key }) => key)).size, one.length, text);
      for (const { intervalSeconds, name } of one) {
        assert.ok(intervalSeconds > 0 && intervalSeconds % 10 === 0, text);
        assert.doesNotMatch(name, /[:/]/, text);
      }
    }
    for (const { uid } of english) {
      assert.match(uid, /^claude-[a-z-]{1,33}$/);
    }
  });

  it("go by contact points and mute timings whose names fit into ids and paths", () => {
    for (const { alerts: words } of Object.values(texts)) {
      assert.doesNotMatch(words.contactPoint + words.muteTiming, /[:/]/);
    }
  });

  it("are all that the operator was promised", () => {
    assert.deepEqual(english.map(({ uid }) => uid.replace("claude-", "")).sort(), [
      ...["arrival-events", "arrival-metrics", "arrival-nothing"],
      ...["bill-coverage", "bill-key", "bill-key-expires", "bill-stale", "bill-unexplained", "budget-forecast"],
      ...["org", "team", "user"].flatMap((who) =>
        ["day", "month"].flatMap((unit) =>
          ["critical", "warning"].map((severity) => `budget-${who}-${unit}-${severity}`),
        ),
      ),
      ...[
        "health-backup-missing",
        "health-collector-missing",
        "health-collectors-down",
        "health-loki-down",
        "health-prometheus-down",
      ],
      ...["health-queue-filling", "health-queue-full", "health-tempo-down"],
      ...["ledger-events", "ledger-metrics", "ledger-prices", "ledger-rollups"],
      ...["loss-collector-refuses", "loss-events-failed", "loss-events-refused", "loss-queues-damaged"],
      ...["loss-samples-refused", "loss-sends-failed", "usage-spike", "usage-user"],
    ]);
  });

  it("ask what parses, at one instant, without Grafana's variables", () => {
    for (const { expr, uid } of all) {
      assert.ok(parses(expr), `${uid}: ${expr}`);
      assert.doesNotMatch(expr, /\$[a-z_{]/, uid);
    }
  });

  it("sum deltas up, and take increases of the stack's own counters only", () => {
    for (const { expr, uid } of all) {
      for (const { metric, windowFunction, within } of selectors(expr)) {
        if (within[0] === "timestamp") {
          // Asks when there were samples, and not how much they are.
          assert.ok(bySession.includes(uid), uid);
        } else if (/^claude_code_/.test(metric)) {
          assert.equal(windowFunction, "sum_over_time", `${uid}: ${metric}`);
        }
        assert.ok(windowFunction !== "increase" || /^(otelcol|prometheus)_/.test(metric), `${uid}: ${metric}`);
      }
      assert.ok(!calledFunctions(expr).includes("rate"), uid);
    }
  });

  it("leave out what a demonstration sends", () => {
    for (const { expr, uid } of all.filter(({ uid: candidate }) => candidate !== "claude-ledger-rollups")) {
      for (const { metric, matchers } of selectors(expr).filter(({ metric: name }) => /claude_code_/.test(name))) {
        assert.ok(matchers.includes('claude_monitoring_demo=""'), `${uid}: ${metric}`);
      }
    }
  });

  it("read roll-ups, of a month hourly ones; raw series only of single sessions and of the last hours", () => {
    const raw = [...bySession, "claude-usage-spike", "claude-arrival-nothing"];
    for (const { expr, uid } of all) {
      const windows = [...expr.matchAll(/claude_code_\w+_total\b(?:\{[^}]*\})?\[(\w+)\]/g)].map(
        ([, window]) => window!,
      );
      assert.equal(windows.length > 0, raw.includes(uid), uid);
      assert.ok(bySession.includes(uid) || windows.every((window) => /^[12]h$/.test(window)), uid);
      const month = /^claude-budget-(?:\w+-month-\w+|forecast)$/.test(uid);
      assert.ok(!month || !expr.includes('rollup_step="5m"'), uid);
    }
  });

  it("read the narrowest roll-up that keeps what they group and match by", () => {
    for (const { expr } of all) {
      selectors(expr).forEach((selector) => {
        checkScope(selector, expr);
      });
    }
  });

  it("stay as they are where a query fails or finds nothing, but for those about health", () => {
    const onNoData = english.filter(({ noDataState }) => noDataState !== "OK");
    assert.deepEqual(
      onNoData.map(({ uid, noDataState }) => [uid, noDataState]),
      [
        ["claude-health-collectors-down", "Alerting"],
        ["claude-health-prometheus-down", "Alerting"],
      ],
    );
    const onFailure = english.filter(({ execErrState }) => execErrState !== "KeepLast");
    assert.deepEqual(
      onFailure.map(({ uid, execErrState }) => [uid, execErrState]),
      [["claude-health-prometheus-down", "Alerting"]],
    );
  });

  it("say how urgent they are, what they are about, and whose they are", () => {
    for (const { labels, annotations, uid } of all) {
      assert.match(labels["severity"] ?? "", /^(warning|critical)$/, uid);
      assert.match(labels["topic"] ?? "", /^(budget|usage|bill|arrival|health|loss|ledger)$/, uid);
      assert.equal(labels["monitoring"], "claude-code", uid);
      for (const words of [annotations["summary"] ?? "", annotations["description"] ?? ""]) {
        assert.ok(words.length > 5, uid);
        assert.equal(words.split("{{").length, words.split("}}").length, uid);
      }
    }
  });

  it("link to a panel that exists, and to the one that is meant", () => {
    const panels = new Map(
      dashboardsFor({ bill }).flatMap(({ uid, panels: own }) =>
        own.map(({ id, title, type }) => [`${uid} ${id}`, { title, type }]),
      ),
    );
    const titles = Object.entries(alertPanels).map(([name, { dashboardUid, panelId }]) => {
      return [name, panels.get(`${dashboardUid} ${panelId}`)?.title];
    });
    assert.deepEqual(Object.fromEntries(titles), {
      costToday: "Cost today",
      costPerHour: "Cost per hour",
      costByUser: "Cost by user",
      monthToDate: "Month to date",
      forecast: "Forecast for the month",
      billingByTeam: "Metered and seats by team",
      billingByUser: "Metered and seats by user",
      priceComparison: "Client's cost against the price table",
      lastData: "Since the last data",
      refusedByCollectors: "Refused by the collectors",
      received: "Received by the collectors",
      queue: "Sending queue",
      failedSends: "Failed sends",
      refusedByPrometheus: "Samples refused by Prometheus",
      series: "Series in memory",
      backups: "Since the last backup",
      rollupDifference: "Roll-ups that differ",
      lostCost: "Missing without a harmless reason",
      refusedEvents: "Events and spans refused by the collectors",
      failedEvents: "Events and spans lost on the way",
      coverage: "Coverage",
      differenceByDay: "Difference by reason and day",
      billRun: "Since the last complete run",
      billRefused: "Since the key was last refused",
    });
    for (const { annotations, uid } of all) {
      const panel = panels.get(`${annotations["__dashboardUid__"] ?? ""} ${annotations["__panelId__"] ?? ""}`);
      assert.ok(panel && panel.type !== "row", uid);
    }
  });
});

describe("alerts about the bill", () => {
  const uids = (changes: Parameters<typeof alerts>[0]) =>
    alerts(changes).flatMap(({ uid }) => (uid.startsWith("claude-bill-") ? [uid] : []));

  it("are there where the provider's figures are read, that of the key's end where it is known", () => {
    assert.deepEqual(uids({ bill: undefined }), []);
    assert.deepEqual(uids({ bill }), [
      "claude-bill-coverage",
      "claude-bill-unexplained",
      "claude-bill-key",
      "claude-bill-stale",
    ]);
    assert.ok(uids({ bill: { ...bill, keyExpires: 1_900_000_000 } }).includes("claude-bill-key-expires"));
  });

  it("fire below the least coverage, below two weeks, and above the largest unexplained amount", () => {
    const options = { bill: { ...bill, minCoverage: 0.9, maxUnexplainedUsd: 12, keyExpires: 1_900_000_000 } };
    const limits = alerts(options).map(({ uid, threshold }) => [uid, threshold] as const);
    const limit = new Map(limits);
    assert.deepEqual(limit.get("claude-bill-coverage"), { type: "lt", value: 0.9 });
    assert.deepEqual(limit.get("claude-bill-key-expires"), { type: "lt", value: 14 });
    assert.deepEqual(limit.get("claude-bill-unexplained"), { type: "gt", value: 12 });
  });
});

describe("runbooks", () => {
  /** What follows a budget's name tells severities apart, which have one section. */
  const heading = (name: string) => name.replace(/: (running out|used up)$/, "");

  it("have a section for every alert, under its name", () => {
    for (const { annotations, name } of english) {
      const page = annotations["runbook"] ?? "";
      assert.match(page, /^docs\/runbooks\/[a-z-]+\.md$/, name);
      const headings = fs.readFileSync(path.join(root, page), "utf8").match(/^##? .*$/gm) ?? [];
      assert.ok(headings.map((line) => line.replace(/^#+ /, "")).includes(heading(name)), `${page} lacks "${name}"`);
    }
  });

  it("say of every alert what it means, what follows, where to look, what to do, and when it is false", () => {
    const names = new Set(english.map(({ name }) => heading(name)));
    for (const file of fs.readdirSync(runbooks).filter((name) => name !== "README.md")) {
      const [, ...sections] = fs.readFileSync(path.join(runbooks, file), "utf8").split(/^## /m);
      for (const section of sections) {
        const [title = ""] = section.split("\n");
        assert.ok(names.delete(title), `${file}: there is no alert "${title}", or it has two sections`);
        const parts = [...section.matchAll(/^\*\*([A-Z][a-z ]*)\.\*\*\s/gm)].map(([, part]) => part);
        assert.deepEqual(parts, ["Meaning", "Impact", "Look at", "Do", "False alarm"], title);
      }
    }
    assert.deepEqual([...names], []);
  });

  it("are linked where docsUrl says where", () => {
    for (const { annotations, uid } of alerts({}, { docsUrl: "https://git.example.com/docs" })) {
      assert.match(annotations["runbook_url"] ?? "", /^https:\/\/git\.example\.com\/docs\/runbooks\/[a-z-]+\.md$/, uid);
      assert.equal(annotations["runbook"], undefined, uid);
    }
  });
});

describe("working hours", () => {
  const expr = (workingHours: AlertOptions["workingHours"]) =>
    alerts({}, { workingHours }).find(({ uid }) => uid === "claude-arrival-nothing")?.expr ?? "";

  it("may run over the end of the week", () => {
    const days = expr({ firstDay: 5, lastDay: 1, from: 540, to: 1080 });
    assert.match(days, /\(day_of_week\(\S+ \S+ 0\)\)\) >= 5 or day_of_week\(.*?\) <= 1\)/);
  });

  it("may be short: half of them may pass in silence, and never more than two hours", () => {
    assert.match(expr({ firstDay: 1, lastDay: 5, from: 600, to: 780 }), />= 690 < 780\).*\[90m\]/);
    assert.match(expr({ firstDay: 1, lastDay: 5, from: 540, to: 1080 }), />= 660 < 1080\).*\[2h\]/);
  });
});
