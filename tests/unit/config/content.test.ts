import assert from "node:assert/strict";

import { dashboardOptions } from "../../../config/dashboards";
import { externalGrafanaApi } from "../../../config/grafana";
import type { ConfigValue, ConfigValues } from "../../../config/paths";
import { budgetsOf } from "../../../config/budgets";
import { deploy } from "../components/deployment";
import { ofType, one } from "../components/registered";
import { smtp } from "./smtp";
import { problemsOf as problemsOfStack, settled, stackConfig } from "./stack-config";
import { day } from "../../../units";

const problemsOf = (overrides: ConfigValues) => problemsOfStack("prod", overrides);

/** Every value that must be refused, with what the message must say about it. */
const refused: readonly (readonly [key: string, value: ConfigValue, expected: RegExp])[] = [
  ["collection", "elsewhere", /expected one of in-cluster, none/],
  ["prometheus.adminApi", "on", /found "on"; expected true or false/],
  ["grafana.orgId", "0", /expected a whole number from 1/],
  ["folders.uid", "my folder", /expected a folder uid/],
  ["grafana.prometheusDataSourceUid", "a b", /expected the uid of a Prometheus data source, or nothing/],
  ["grafana.prometheusUrl", "prometheus", /expected a URL/],
  ["language", "de", /found "de"; expected one of en, zh-TW/],
  ["timeZone", "Berlin", /found "Berlin"; expected a time zone such as UTC or Europe\/Berlin/],
  ["docsUrl", "docs", /expected a URL/],
  ["dashboards.rawRange", "6", /expected a duration/],
  ["dashboards.minimumClientVersion", "2.1", /expected a version such as 2.1.330, or nothing/],
  ["plan.kind", "free", /expected one of api, seats/],
  ["plan.seats", "-1", /expected a whole number/],
  ["budgets.monthly", "much", /found "much"; expected an amount of USD such as 500 or 99.5, or nothing/],
  ["budgets.daily", "0", /expected an amount of USD/],
  ["budgets.teams", "platform=500", /found a single value; expected budgets by team/],
  ["budgets.teams.web", "500", /found a single value; expected keys such as monthly, daily/],
  ["budgets.teams.web.monthly", "free", /expected an amount of USD/],
  ["budgets.warningPercent", "100", /expected a whole number from 1 to 99/],
  ["alerting.workingHours", "always", /expected days and hours such as Mon-Fri 08:00-18:00/],
  ["alerting.workingHours", "Mon-Fri 18:00-08:00", /expected days and hours/],
  ["alerting.workingHours", "Mon-Fri 08:61-18:00", /expected days and hours/],
  ["alerting.workingHours", "Mon-Fri 08:00-24:30", /expected days and hours/],
  ["alerting.workingHours", "Foo 08:00-18:00", /expected days and hours/],
  ["alerting.muteTimes[1]", "x", /expected days and hours/],
  ["alerting.muteTimes", "Sat 00:00-24:00", /found a value that is kept secret; expected a list of days and hours/],
  ["alerting.emails[0]", "team", /expected a mail address/],
  ["alerting.emails[0]", "a;b@corp.test", /expected a mail address/],
  ["alerting.opsgenieUrl", "api.eu.opsgenie.com", /expected a URL such as https:\/\/api.eu.opsgenie.com\/v2\/alerts/],
  ["grafana.smtp.host", "smtp.corp.test", /expected a server and port such as smtp.example.com:587, or nothing/],
  ["grafana.smtp.host", "smtp.corp.test:99999", /expected a server and port/],
  ["grafana.smtp.fromAddress", "Grafana", /expected a mail address, or nothing/],
  ["grafana.smtp.startTlsPolicy", "tls", /expected one of MandatoryStartTLS, OpportunisticStartTLS, NoStartTLS/],
  ["alerting.groupBy", [], /found a list; expected a label's name at least/],
  ["alerting.groupBy[0]", "a b", /expected a label's name/],
  ["alerting.groupWait", "soon", /expected a duration/],
];

describe("configuration of dashboards and alerts", () => {
  const beside = { "alerting.muteTimes": ["Sat 00:00-24:00"], "alerting.webhookUrl": "https://h", teams: ["web"] };

  for (const [key, value, expected] of refused) {
    it(`refuses ${key} = ${JSON.stringify(value)}`, () => {
      const problems = problemsOf({ ...beside, [key]: value });
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.ok(problems[0]!.startsWith(`${key}: `), problems[0]);
      assert.match(problems[0]!, expected);
    });
  }

  it("does not print the secret part of what it refuses", () => {
    for (const key of ["alerting.slackUrl", "alerting.teamsUrl", "alerting.webhookUrl"]) {
      const [problem = "", ...more] = problemsOf({ [key]: "hooks.example.com/s3cret" });
      assert.match(problem, new RegExp(`^${key}: found a value that is kept secret; expected a URL`));
      assert.deepEqual(more, []);
      assert.doesNotMatch(problem, /s3cret/);
    }
  });

  it("reads amounts, budgets by name, days and hours", () => {
    const config = stackConfig("prod", {
      "budgets.monthly": "99.5",
      teams: [],
      environment: "development",
      "budgets.teams": { platform: { monthly: 500 }, "team = a": { monthly: "3" } },
      "alerting.workingHours": "Mon-Fri 08:30-18:00",
      "alerting.muteTimes": ["Sat-Sun 00:00-24:00", "Wed 12:00-13:00"],
      "alerting.emails": ["a@example.com", "b@example.com"],
      ...smtp,
      docsUrl: "https://git.example.com/docs/",
      timeZone: "Asia/Taipei",
      "dashboards.minimumClientVersion": "2.1.330",
      "alerting.webhookUrl": "https://example.com/hook?key=1",
    });
    assert.equal(config.budgets.monthly, 99.5);
    assert.equal(config.budgets.daily, undefined);
    assert.deepEqual(
      [...budgetsOf(config).teams.month],
      [
        ["platform", 500],
        ["team = a", 3],
      ],
    );
    assert.deepEqual(config.alerting.workingHours, { firstDay: 1, lastDay: 5, from: 510, to: 1080 });
    assert.deepEqual(config.alerting.muteTimes, [
      { firstDay: 6, lastDay: 0, from: 0, to: 1440 },
      { firstDay: 3, lastDay: 3, from: 720, to: 780 },
    ]);
    assert.deepEqual(config.alerting.emails, ["a@example.com", "b@example.com"]);
    assert.equal(config.docsUrl, "https://git.example.com/docs");
    assert.equal(
      config.alerting.webhookUrl?.tell((url) => url === "https://example.com/hook?key=1"),
      true,
    );
    const options = dashboardOptions(config);
    assert.equal(options.timeZone, "Asia/Taipei");
    assert.equal(options.rawRangeSeconds, 32 * day);
    assert.equal(options.minimumClientVersion, "2.1.330");
    assert.deepEqual(options.plan, { kind: "api" });
    assert.deepEqual(options.dataSource, { type: "prometheus", uid: "claude-code-monitoring-prometheus" });
  });

  it("refuses seats without their price, and a price without seats", () => {
    assert.match(
      problemsOf({ "plan.kind": "seats" }).join(),
      /^plan.seats, plan.seatPrice: found none; with plan.kind "seats" expected both/,
    );
    assert.match(problemsOf({ "plan.kind": "seats", "plan.seats": "5" }).join(), /expected both/);
    assert.match(problemsOf({ "plan.seats": 5 }).join(), /found one; expected both or neither/);
    assert.match(problemsOf({ "plan.seatPrice": "100" }).join(), /found one; expected both or neither/);
    for (const kind of ["api", "seats"]) {
      const config = stackConfig("prod", { "plan.kind": kind, "plan.seats": "5", "plan.seatPrice": "100" });
      assert.deepEqual(dashboardOptions(config).plan, { kind, seats: { count: 5, price: 100 } });
    }
  });

  it("refuses content without a Grafana or without a Prometheus", () => {
    assert.match(
      problemsOf({ "grafana.deployment": "external" }).join(),
      /^grafana.auth: found nothing; with grafana.deployment "external"/,
    );
    assert.match(
      problemsOf({ "grafana.prometheusDataSourceUid": "own" }).join(),
      /^grafana.prometheusDataSourceUid: found "own"; with grafana/,
    );
    assert.match(
      problemsOf({ collection: "none" }).join(),
      /^grafana.deployment: found "in-cluster"; with collection "none"/,
    );
    const external = { collection: "none", "grafana.deployment": "external", "grafana.auth": "token" };
    assert.match(
      problemsOf(external).join(),
      /^grafana.prometheusDataSourceUid: found nothing; with collection "none"/,
    );
    assert.deepEqual(problemsOf({ ...external, "grafana.prometheusDataSourceUid": "own" }), []);
    assert.deepEqual(problemsOf({ ...external, "grafana.prometheusUrl": "https://prometheus.example.com" }), []);
  });

  it("refuses alerts that could never fire, would count wrongly, or that nobody would get", () => {
    // Metered use is there beside seats.
    const seats = { "plan.kind": "seats", "plan.seats": "5", "plan.seatPrice": "100" };
    assert.deepEqual(problemsOf({ ...seats, "budgets.monthly": "500" }), []);
    assert.deepEqual(problemsOf({ "prometheus.retention": "200h", "budgets.perUser.monthly": "50" }), [
      "prometheus.retention: found less than 32d; with budgets.perUser.monthly expected at least that",
    ]);
    assert.deepEqual(problemsOf({ "prometheus.retention": "200h", "budgets.perUser.daily": "50" }), []);
    assert.deepEqual(problemsOf({ "alerting.muteTimes": ["Sat 00:00-24:00"] }), [
      "alerting.muteTimes: found times; without anybody to be told expected nothing",
    ]);
    const told = {
      "alerting.emails": ["a@corp.test"],
      "alerting.pagerDutyKey": "k",
      "alerting.opsgenieKey": "k",
      "alerting.slackUrl": "https://x.io",
      "alerting.teamsUrl": "https://x.io",
    };
    for (const [key, value] of Object.entries(told)) {
      assert.deepEqual(problemsOf({ "alerting.muteTimes": ["Sat 00:00-24:00"], ...smtp, [key]: value }), []);
    }
    assert.deepEqual(problemsOf({ "alerting.repeatInterval": "1m" }), [
      "alerting.repeatInterval: found less than alerting.groupInterval; expected at least that",
    ]);
  });

  it("refuses a lateness that no roll-up waits for", () => {
    assert.match(
      problemsOf({ "prometheus.outOfOrderWindow": "16d" }).join(),
      /found more than 360h; expected at most that/,
    );
  });

  it("refuses to keep less than the standing check of the roll-ups reads", () => {
    const short = { "prometheus.retention": "78h", "loki.retention": "78h", "tempo.retention": "78h" };
    assert.deepEqual(problemsOf(short), [
      "prometheus.retention: found less than 79h; with this prometheus.outOfOrderWindow expected at least that, or " +
        "roll-ups are not checked",
    ]);
    assert.deepEqual(problemsOf({ ...short, "prometheus.retention": "79h" }), []);
  });

  it("refuses a lateness that Prometheus does not keep, and takes raw series for however long a range", () => {
    const problem = "prometheus.outOfOrderWindow: found no less than prometheus.retention; expected less";
    for (const retention of ["5h", "30h"]) {
      assert.deepEqual(problemsOf({ "prometheus.retention": retention, "prometheus.outOfOrderWindow": "30h" }), [
        problem,
      ]);
    }
    assert.deepEqual(problemsOf({ "prometheus.retention": "60d", "dashboards.rawRange": "400d" }), []);
  });
});

describe("content in another Grafana", () => {
  const external = {
    "grafana.deployment": "external",
    "network.readerNamespaces": ["monitoring"],
    grafanaUrl: "https://grafana.monitoring.test",
    "grafana.auth": "glsa_token",
    "folders.uid": "finance",
  };

  it("deploys no Grafana, and its content there, to be deleted with the stack", async () => {
    const deployment = await deploy("dev", external);
    assert.deepEqual(
      ofType(deployment, "kubernetes:apps/v1:Deployment").map(({ name }) => name),
      ["loki-workload", "prometheus-workload", "tempo-workload"],
    );
    assert.equal(deployment.outputs["grafanaUrl"], "https://grafana.monitoring.test");
    assert.equal(deployment.outputs["grafana.adminPassword"], undefined);
    const content = deployment.resources.filter(({ type }) => type.startsWith("grafana:oss/"));
    assert.deepEqual(
      content.filter(({ type }) => !type.endsWith(":Dashboard")).map(({ name }) => name),
      ["grafana-content-folder", "grafana-content-loki", "grafana-content-prometheus", "grafana-content-tempo"],
    );
    for (const resource of content) {
      assert.equal(resource.options.deletedWith, undefined, resource.name);
    }
    const { options } = one(deployment, "grafana-content-provider");
    assert.deepEqual(await settled<unknown>(options.replacementTrigger), ["https://grafana.monitoring.test", null]);
    assert.equal(one(deployment, "grafana-content-folder").inputs["uid"], "finance");
    const dataSource = one(deployment, "grafana-content-prometheus").inputs;
    assert.equal(dataSource["isDefault"], false);
    assert.equal(dataSource["url"], "http://dev-prometheus.claude-monitoring-dev.svc:9090");
    const config = one(deployment, "prometheus-config").inputs as { data: Record<string, string> };
    assert.doesNotMatch(config.data["prometheus.yaml"]!, /job_name: grafana/);
  });

  it("uses a data source that is there, and deploys nothing else if nothing is collected here", async () => {
    const deployment = await deploy("prod", {
      ...external,
      collection: "none",
      "grafana.prometheusDataSourceUid": "theirs",
    });
    assert.deepEqual(
      deployment.resources.filter(({ type }) => type.startsWith("kubernetes:")),
      [],
    );
    assert.equal(ofType(deployment, "grafana:oss/dataSource:DataSource").length, 0);
    const dashboards = ofType(deployment, "grafana:oss/dashboard:Dashboard").map(({ inputs }) =>
      String(inputs["configJson"]),
    );
    assert.ok(dashboards.length >= 4);
    for (const json of dashboards.filter((one) => one.includes('"datasource"'))) {
      assert.match(json, /"uid":"theirs"/);
      assert.doesNotMatch(json, /claude-code-monitoring-prometheus/);
    }
  });

  it("reaches it by token or password, organisation and certificate", async () => {
    const api = (more: ConfigValues) => externalGrafanaApi(stackConfig("prod", { ...external, ...more }))!;
    const byToken = api({ "grafana.orgId": "7" });
    assert.deepEqual(
      [await settled(byToken.auth), byToken.orgId, byToken.caCertificate],
      ["glsa_token", undefined, undefined],
    );
    const byPassword = api({
      "grafana.auth": "admin:secret",
      "grafana.orgId": "7",
      "grafana.caCertificate": "-----BEGIN CERTIFICATE-----",
      "grafana.insecureSkipVerify": "true",
      "grafana.apiUrl": "http://localhost:3000",
    });
    assert.equal(byPassword.orgId, 7);
    assert.equal(byPassword.caCertificate, "-----BEGIN CERTIFICATE-----");
    assert.equal(byPassword.insecureSkipVerify, true);
    assert.equal(byPassword.url, "http://localhost:3000");
  });

  it("hands all of that to the provider, the credentials as a secret", async () => {
    const provider = one(
      await deploy("dev", {
        ...external,
        "grafana.auth": "admin:secret",
        "grafana.orgId": "7",
        "grafana.caCertificate": "PEM",
        "grafana.insecureSkipVerify": "true",
        "grafana.prometheusUrl": "https://prometheus.example.com",
      }),
      "grafana-content-provider",
    );
    assert.equal(String(provider.inputs["orgId"]), "7");
    assert.equal(provider.inputs["caCert"], "PEM");
    assert.equal(String(provider.inputs["insecureSkipVerify"]), "true");
  });
});
