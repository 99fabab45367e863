import assert from "node:assert/strict";

import type { ConfigValues } from "../../../config/paths";
import * as pulumi from "@pulumi/pulumi";

import { prometheusDuration } from "../../../units";
import { alertingArgs } from "../../../config/alerting";
import { dashboardOptions } from "../../../config/dashboards";
import { deploy, type Deployment } from "./deployment";
import { dashboardsOnly, externalGrafana } from "./external-grafana";
import { ofType, one } from "./registered";
import { smtp } from "../config/smtp";
import { stackConfig } from "../config/stack-config";

const types = {
  contactPoint: "grafana:alerting/contactPoint:ContactPoint",
  policy: "grafana:alerting/notificationPolicy:NotificationPolicy",
  muteTiming: "grafana:alerting/muteTiming:MuteTiming",
  ruleGroup: "grafana:alerting/ruleGroup:RuleGroup",
} as const;
const everywhere = {
  "alerting.emails": ["a@example.com", "b@example.com"],
  "alerting.slackUrl": "https://hooks.slack.com/services/secret",
  "alerting.teamsUrl": "https://corp.webhook.office.com/secret",
  "alerting.webhookUrl": "https://example.com/hook?token=secret",
  "alerting.pagerDutyKey": "pagerduty-secret",
  "alerting.opsgenieKey": "opsgenie-secret",
};
/** In a Grafana of the stack. */
const everywhereFromHere = { ...everywhere, ...smtp };

interface Rule {
  readonly uid: string;
  readonly condition: string;
  readonly keepFiringFor?: string;
  readonly missingSeriesEvalsToResolve?: number;
  readonly datas: readonly {
    readonly refId: string;
    readonly datasourceUid: string;
    readonly model: unknown;
    readonly relativeTimeRange: { readonly from: number; readonly to: number };
  }[];
  readonly notificationSettings?: Readonly<Record<string, unknown>>;
}

function rules(deployment: Deployment): Rule[] {
  return ofType(deployment, types.ruleGroup).flatMap(({ inputs }) => inputs["rules"] as Rule[]);
}

/** The value of an input, secret or not. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, part: unknown) => revealed(part)));
}

function revealed(part: unknown): unknown {
  const isSecret = typeof part === "object" && part !== null && pulumi.runtime.specialSigKey in part;
  return isSecret ? (part as Readonly<Record<string, unknown>>)["value"] : part;
}

describe("alert rules", () => {
  it("lie in the folder, and ask the data source at one instant", async () => {
    const deployment = await deploy("dev", { "budgets.monthly": "500", "prometheus.retention": "400d" });
    const groups = ofType(deployment, types.ruleGroup);
    assert.deepEqual(groups.map(({ name }) => name.replace("grafana-content-alerting-rules-", "")).sort(), [
      ...["arrival", "health", "ledgers", "month", "sessions", "usage"],
    ]);
    for (const { inputs, options } of groups) {
      assert.equal(inputs["folderUid"], "claude-code-monitoring");
      assert.equal(Number(inputs["intervalSeconds"]) % 10, 0);
      assert.equal(inputs["disableProvenance"], undefined);
      assert.equal(options.deleteBeforeReplace, true);
    }
    for (const { condition, datas } of rules(deployment)) {
      assert.equal(condition, "B");
      const [query, threshold] = datas.map(({ model }) => JSON.parse(model as string) as Record<string, unknown>);
      const { expr, ...asked } = query!;
      assert.ok(typeof expr === "string" && expr !== "");
      const { conditions, ...compared } = threshold!;
      const source = "claude-code-monitoring-prometheus";
      const datasource = { type: "prometheus", uid: source };
      assert.deepEqual(asked, { refId: "A", datasource, editorMode: "code", instant: true, range: false });
      const stage = { refId: "B", datasource: { type: "__expr__", uid: "__expr__" }, type: "threshold" };
      assert.deepEqual(compared, { ...stage, expression: "A" });
      assert.match(JSON.stringify(conditions), /^\[\{"evaluator":\{"type":"gt","params":\[[\d.]+\]\}\}\]$/);
      assert.deepEqual(
        datas.map(({ refId, datasourceUid, relativeTimeRange: { from, to } }) => [refId, datasourceUid, from, to]),
        [
          ["A", source, 600, 0],
          ["B", "__expr__", 0, 0],
        ],
      );
    }
  });

  it("of budgets and of unusual usage go on for a while, whether the value falls or the series vanishes", async () => {
    const budgets = { "budgets.perUser.daily": "50", "budgets.perUser.monthly": "500", "prometheus.retention": "400d" };
    const held = rules(await deploy("dev", { ...budgets, "budgets.monthly": "500" })).flatMap((rule) =>
      rule.keepFiringFor === undefined && rule.missingSeriesEvalsToResolve === undefined
        ? []
        : [[rule.uid.replace(/^claude-/, ""), rule.keepFiringFor, rule.missingSeriesEvalsToResolve]],
    );
    // So many evaluations as last that long, and one: https://grafana.com/docs/grafana/v13.2/alerting/fundamentals/
    // alert-rule-evaluation/stale-alert-instances/ counts evaluations, not time. They are a minute or five apart.
    assert.deepEqual(held.sort(), [
      ["budget-forecast", "1h", 13],
      ["budget-org-month-critical", "15m", 4],
      ["budget-org-month-warning", "15m", 4],
      ["budget-user-day-critical", "15m", 16],
      ["budget-user-day-warning", "15m", 16],
      ["budget-user-month-critical", "15m", 4],
      ["budget-user-month-warning", "15m", 4],
      ["usage-spike", "1h", 13],
      ["usage-user", "1h", 13],
    ]);
  });

  it("go with the volume that holds Grafana's database, and come after what they ask", async () => {
    const deployment = await deploy("dev", everywhereFromHere);
    for (const { options, name } of deployment.resources.filter(({ type }) => type.startsWith("grafana:alerting/"))) {
      assert.ok(options.deletedWith, name);
      assert.equal((options.parent as unknown as { __name: string }).__name, "grafana-content-alerting", name);
      const sources = (options.dependsOn as unknown as { __name: string }[]).map(({ __name }) => __name);
      assert.deepEqual(
        sources,
        ["prometheus", "loki", "tempo"].map((type) => `grafana-content-${type}`),
        name,
      );
    }
  });

  it("are left out where alerts are off", async () => {
    const deployment = await deploy("dev", { "alerting.enabled": "false", ...everywhereFromHere });
    assert.deepEqual(
      deployment.resources.filter(({ type }) => type.includes("lerting")),
      [],
    );
  });

  it("ask another Prometheus for what is stored only", async () => {
    const deployment = await deploy("dev", dashboardsOnly);
    assert.ok(!rules(deployment).some(({ uid }) => /health|loss/.test(uid)));
    assert.ok(rules(deployment).every(({ datas }) => datas[0]!.datasourceUid === "theirs"));
  });
});

describe("delivery of alerts", () => {
  it("is not declared without anybody to be told", async () => {
    const deployment = await deploy("dev");
    assert.ok(rules(deployment).length > 0);
    for (const type of [types.contactPoint, types.policy, types.muteTiming]) {
      assert.deepEqual(ofType(deployment, type), []);
    }
  });

  for (const [key, value] of Object.entries(everywhere)) {
    it(`needs no more than ${key}`, async () => {
      const deployment = await deploy("dev", { [key]: value, ...smtp });
      assert.equal(ofType(deployment, types.contactPoint).length, 1);
      assert.equal(ofType(deployment, types.policy).length, 1);
    });
  }

  it("reaches all that is configured", async () => {
    const { inputs } = one(await deploy("dev", everywhereFromHere), "grafana-content-alerting-contact-point");
    assert.deepEqual(plain(inputs), {
      name: "Claude Code monitoring",
      emails: [{ addresses: ["a@example.com", "b@example.com"] }],
      slacks: [{ url: everywhere["alerting.slackUrl"] }],
      teams: [{ url: everywhere["alerting.teamsUrl"] }],
      webhooks: [{ url: everywhere["alerting.webhookUrl"] }],
      pagerduties: [
        {
          integrationKey: everywhere["alerting.pagerDutyKey"],
          severity: "{{ if .CommonLabels.severity }}{{ .CommonLabels.severity }}{{ else }}critical{{ end }}",
        },
      ],
      opsgenies: [
        {
          apiKey: everywhere["alerting.opsgenieKey"],
          url: "https://api.opsgenie.com/v2/alerts",
          autoClose: true,
        },
      ],
    });
  });

  it("reaches Opsgenie in the region that is configured", async () => {
    const url = "https://api.eu.opsgenie.com/v2/alerts";
    const deployment = await deploy("dev", { "alerting.opsgenieKey": "key", "alerting.opsgenieUrl": url });
    const { opsgenies } = one(deployment, "grafana-content-alerting-contact-point").inputs;
    assert.equal((plain(opsgenies) as { readonly url: string }[])[0]?.url, url);
  });

  it("has a message of its own for each rule and each team or user in it", async () => {
    const { inputs } = one(await deploy("dev", everywhereFromHere), "grafana-content-alerting-policy");
    assert.deepEqual(inputs["groupBies"], ["grafana_folder", "alertname", "team", "user"]);
  });

  it("keeps credentials as secrets", async () => {
    const { inputs } = one(await deploy("dev", everywhereFromHere), "grafana-content-alerting-contact-point");
    const visible = JSON.stringify(inputs, (_key, part: unknown) => (revealed(part) === part ? part : "[secret]"));
    assert.doesNotMatch(visible, /secret(?!\])/);
    assert.match(visible, /a@example.com/);
  });

  it("is said by the notification policy of Grafana in the cluster", async () => {
    const deployment = await deploy("dev", {
      ...everywhereFromHere,
      "alerting.groupBy": ["team"],
      "alerting.repeatInterval": "36h",
    });
    assert.deepEqual(one(deployment, "grafana-content-alerting-policy").inputs, {
      contactPoint: "Claude Code monitoring",
      groupBies: ["team"],
      groupWait: "30s",
      groupInterval: "5m",
      repeatInterval: "1d12h",
      policies: [],
    });
    assert.ok(rules(deployment).every(({ notificationSettings }) => notificationSettings === undefined));
  });

  it("is said by each rule in an external Grafana, whose policy is its owner's", async () => {
    const muted = { "alerting.muteTimes": ["Sat-Sun 00:00-24:00"] };
    const deployment = await deploy("dev", {
      ...externalGrafana,
      ...everywhere,
      ...muted,
      "alerting.groupBy": ["team"],
    });
    assert.deepEqual(ofType(deployment, types.policy), []);
    for (const { notificationSettings } of rules(deployment)) {
      assert.deepEqual(notificationSettings, {
        contactPoint: "Claude Code monitoring",
        groupBies: ["grafana_folder", "alertname", "team"],
        groupWait: "30s",
        groupInterval: "5m",
        repeatInterval: "4h",
        muteTimings: ["Claude Code monitoring, no messages"],
      });
    }
    assert.ok(ofType(deployment, types.ruleGroup).every(({ options }) => options.deletedWith === undefined));
  });

  it("rests at the times that are configured, day by day", async () => {
    const mutes = { "alerting.muteTimes": ["Sat-Sun 00:00-24:00", "Mon 06:30-07:05"], timeZone: "Europe/Berlin" };
    const deployment = await deploy("dev", { ...everywhereFromHere, ...mutes });
    assert.deepEqual(one(deployment, "grafana-content-alerting-mute-timing").inputs, {
      name: "Claude Code monitoring, no messages",
      intervals: [
        { weekdays: ["saturday", "sunday"], times: [{ start: "00:00", end: "24:00" }], location: "Europe/Berlin" },
        { weekdays: ["monday"], times: [{ start: "06:30", end: "07:05" }], location: "Europe/Berlin" },
      ],
    });
    assert.deepEqual(one(deployment, "grafana-content-alerting-policy").inputs["policies"], [
      {
        contactPoint: "Claude Code monitoring",
        matchers: [{ label: "monitoring", match: "=", value: "claude-code" }],
        muteTimings: ["Claude Code monitoring, no messages"],
      },
    ]);
  });
});

describe("the stack's alerts", () => {
  const argsFor = (overrides: ConfigValues) => {
    const config = stackConfig("prod", overrides);
    return alertingArgs(config, dashboardOptions(config), new Date("2026-11-24T12:00:00Z"))!;
  };
  const alertsFor = (overrides: ConfigValues) => argsFor(overrides).groups.flatMap(({ alerts }) => alerts);

  it("have the configured budgets", () => {
    const names = ["budgets.monthly", "budgets.daily", "budgets.perUser.monthly", "budgets.perUser.daily"];
    const teams = { teams: ["core"], "budgets.teams.core": { monthly: 7, daily: 7 } };
    const budgets = Object.fromEntries(names.map((name) => [name, "7"]));
    assert.equal(alertsFor({}).filter(({ uid }) => uid.startsWith("claude-budget")).length, 0);
    assert.equal(alertsFor({ ...budgets, ...teams }).filter(({ uid }) => uid.startsWith("claude-budget")).length, 13);
  });

  it("call any amount unusual without alerting.minimumUsd", () => {
    const least = (overrides: ConfigValues) =>
      alertsFor(overrides).find(({ uid }) => uid === "claude-usage-spike")?.threshold.value;
    assert.deepEqual([least({}), least({ "alerting.minimumUsd": "" })], [50, 0]);
  });

  it("know how many collectors there are", () => {
    const expr = alertsFor({ "collector.replicas": "3" }).find(
      ({ uid }) => uid === "claude-health-collector-missing",
    )?.expr;
    assert.match(expr ?? "", /^3 - /);
  });
});

describe("prometheusDuration", () => {
  it("writes as Prometheus does", () => {
    const written = [0.5, 30, 300, 5400, 14_400, 86_400, 90_061, 604_800, 691_200].map(prometheusDuration);
    assert.deepEqual(written, ["500ms", "30s", "5m", "1h30m", "4h", "1d", "1d1h1m1s", "1w", "8d"]);
  });
});
