import assert from "node:assert/strict";

import { dashboardOptions, externalGrafanaApi } from "../../../config/stack";
import { ConfigError, parseConfig } from "../../../config/schema";
import { deploy, settled } from "../components/deployment";
import { ofType, one } from "../components/registered";
import { stackConfig } from "./stack-config";
import { day } from "../../../units";

function problemsOf(overrides: Readonly<Record<string, string>>): readonly string[] {
  try {
    parseConfig(stackConfig("prod", overrides));
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
  return [];
}

/** Every value that must be refused, with what the message must say about it. */
const refused: readonly (readonly [key: string, value: string, expected: RegExp])[] = [
  ["collection", "elsewhere", /expected one of in-cluster, none/],
  ["prometheusAdminApi", "on", /found "on"; expected true or false/],
  ["grafanaOrgId", "0", /expected a whole number from 1/],
  ["grafanaFolderUid", "my folder", /expected a folder uid/],
  ["grafanaDataSourceUid", "a b", /expected the uid of a Prometheus data source, or nothing/],
  ["grafanaPrometheusUrl", "prometheus", /expected a URL/],
  ["language", "de", /found "de"; expected one of en, zh-TW/],
  ["timeZone", "Berlin", /found "Berlin"; expected a time zone such as UTC or Europe\/Berlin/],
  ["docsUrl", "docs", /expected a URL/],
  ["rawRange", "6", /expected a duration/],
  ["minimumClientVersion", "2.1", /expected a version such as 2.1.330, or nothing/],
  ["plan", "free", /expected one of api, seats/],
  ["seats", "-1", /expected a whole number/],
  ["monthlyBudget", "much", /found "much"; expected an amount of USD such as 500 or 99.5, or nothing/],
  ["dailyBudget", "0", /expected an amount of USD/],
  ["teamMonthlyBudgets", "platform", /expected names and amounts of USD such as platform=500, web=300/],
  ["teamMonthlyBudgets", "web=1, web=2", /expected names and amounts/],
  ["teamDailyBudgets", "=5", /expected names and amounts/],
  ["teamDailyBudgets", "web=free", /expected names and amounts/],
  ["budgetWarningPercent", "100", /expected a whole number from 1 to 99/],
  ["workingHours", "always", /expected days and hours such as Mon-Fri 08:00-18:00/],
  ["workingHours", "Mon-Fri 18:00-08:00", /expected days and hours/],
  ["workingHours", "Mon-Fri 08:61-18:00", /expected days and hours/],
  ["workingHours", "Mon-Fri 08:00-24:30", /expected days and hours/],
  ["workingHours", "Foo 08:00-18:00", /expected days and hours/],
  ["alertMuteTimes", "Sat 00:00-24:00, x", /expected days and hours .*, more separated by commas, or nothing/],
  ["alertEmails", "team", /found "team"; expected mail addresses/],
  ["alertGroupBy", "", /expected label names separated by commas/],
  ["alertGroupBy", "a b", /expected label names/],
  ["alertGroupWait", "soon", /expected a duration/],
];

describe("configuration of dashboards and alerts", () => {
  for (const [key, value, expected] of refused) {
    it(`refuses ${key} = "${value}"`, () => {
      const problems = problemsOf({ [key]: value });
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.match(problems[0]!, new RegExp(`^${key}: `));
      assert.match(problems[0]!, expected);
    });
  }

  it("does not print the secret part of what it refuses", () => {
    for (const key of ["alertSlackUrl", "alertWebhookUrl"]) {
      const [problem = "", ...more] = problemsOf({ [key]: "hooks.example.com/s3cret" });
      assert.match(problem, new RegExp(`^${key}: found a value that is kept secret; expected a URL`));
      assert.deepEqual(more, []);
      assert.doesNotMatch(problem, /s3cret/);
    }
  });

  it("reads amounts, budgets by name, days and hours", () => {
    const config = parseConfig(
      stackConfig("prod", {
        monthlyBudget: "99.5",
        teams: "",
        environment: "development",
        teamMonthlyBudgets: "platform=500, team = a=3",
        workingHours: "Mon-Fri 08:30-18:00",
        alertMuteTimes: "Sat-Sun 00:00-24:00, Wed 12:00-13:00",
        alertEmails: "a@example.com, b@example.com",
        docsUrl: "https://git.example.com/docs/",
        timeZone: "Asia/Taipei",
        minimumClientVersion: "2.1.330",
        alertWebhookUrl: "https://example.com/hook?key=1",
      }),
    );
    assert.equal(config.monthlyBudget, 99.5);
    assert.equal(config.dailyBudget, undefined);
    assert.deepEqual(
      [...config.teamMonthlyBudgets],
      [
        ["platform", 500],
        ["team = a", 3],
      ],
    );
    assert.deepEqual(config.workingHours, { firstDay: 1, lastDay: 5, from: 510, to: 1080 });
    assert.deepEqual(config.alertMuteTimes, [
      { firstDay: 6, lastDay: 0, from: 0, to: 1440 },
      { firstDay: 3, lastDay: 3, from: 720, to: 780 },
    ]);
    assert.deepEqual(config.alertEmails, ["a@example.com", "b@example.com"]);
    assert.equal(config.docsUrl, "https://git.example.com/docs");
    assert.equal(config.alertWebhookUrl, "https://example.com/hook?key=1");
    const options = dashboardOptions(config);
    assert.equal(options.timeZone, "Asia/Taipei");
    assert.equal(options.rawRangeSeconds, 32 * day);
    assert.equal(options.minimumClientVersion, "2.1.330");
    assert.deepEqual(options.plan, { kind: "api" });
    assert.deepEqual(options.dataSource, { type: "prometheus", uid: "claude-code-monitoring-prometheus" });
  });

  it("refuses seats without their price, and a price without seats", () => {
    assert.match(
      problemsOf({ plan: "seats" }).join(),
      /^seats, seatPrice: found none; with plan "seats" expected both/,
    );
    assert.match(problemsOf({ plan: "seats", seats: "5" }).join(), /expected both/);
    assert.match(problemsOf({ seats: "5" }).join(), /with plan "api" expected neither/);
    assert.match(problemsOf({ seatPrice: "100" }).join(), /with plan "api" expected neither/);
    const config = parseConfig(stackConfig("prod", { plan: "seats", seats: "5", seatPrice: "100" }));
    assert.deepEqual(dashboardOptions(config).plan, { kind: "seats", seats: 5, pricePerSeat: 100 });
  });

  it("refuses content without a Grafana or without a Prometheus", () => {
    assert.match(problemsOf({ grafana: "external" }).join(), /^grafanaAuth: found nothing; with grafana "external"/);
    assert.match(
      problemsOf({ grafanaDataSourceUid: "own" }).join(),
      /^grafanaDataSourceUid: found "own"; with grafana/,
    );
    assert.match(problemsOf({ collection: "none" }).join(), /^grafana: found "in-cluster"; with collection "none"/);
    const external = { collection: "none", grafana: "external", grafanaAuth: "token" };
    assert.match(problemsOf(external).join(), /^grafanaDataSourceUid: found nothing; with collection "none"/);
    assert.deepEqual(problemsOf({ ...external, grafanaDataSourceUid: "own" }), []);
    assert.deepEqual(problemsOf({ ...external, grafanaPrometheusUrl: "https://prometheus.example.com" }), []);
  });

  it("refuses alerts that could never fire, would count wrongly, or that nobody would get", () => {
    const seats = { plan: "seats", seats: "5", seatPrice: "100" };
    assert.deepEqual(problemsOf({ ...seats, monthlyBudget: "500" }), [
      'monthlyBudget: found a budget; with plan "seats" expected nothing, its alerts would never fire',
    ]);
    assert.equal(problemsOf({ ...seats, teams: "web", teamDailyBudgets: "web=5" }).length, 1);
    assert.deepEqual(problemsOf({ prometheusRetention: "200h", userMonthlyBudget: "50" }), [
      "prometheusRetention: found less than 32d; with userMonthlyBudget expected at least that",
    ]);
    assert.deepEqual(problemsOf({ prometheusRetention: "200h", userDailyBudget: "50" }), []);
    assert.deepEqual(problemsOf({ alertMuteTimes: "Sat 00:00-24:00" }), [
      "alertMuteTimes: found times; without anybody to be told expected nothing",
    ]);
    const told = { alertEmails: "a@example.com", alertPagerDutyKey: "k", alertSlackUrl: "https://x.io" };
    for (const [key, value] of Object.entries(told)) {
      assert.deepEqual(problemsOf({ alertMuteTimes: "Sat 00:00-24:00", [key]: value }), []);
    }
    assert.deepEqual(problemsOf({ alertRepeatInterval: "1m" }), [
      "alertRepeatInterval: found less than alertGroupInterval; expected at least that",
    ]);
  });

  it("refuses a lateness that no roll-up waits for", () => {
    assert.match(
      problemsOf({ prometheusOutOfOrderWindow: "9d" }).join(),
      /found more than 192h; expected at most that/,
    );
  });

  it("refuses a lateness that Prometheus does not keep, and takes raw series for however long a range", () => {
    const problem = "prometheusOutOfOrderWindow: found no less than prometheusRetention; expected less";
    for (const prometheusRetention of ["5h", "30h"]) {
      assert.deepEqual(problemsOf({ prometheusRetention, prometheusOutOfOrderWindow: "30h" }), [problem]);
    }
    assert.deepEqual(problemsOf({ prometheusRetention: "60d", rawRange: "400d" }), []);
  });
});

describe("content in another Grafana", () => {
  const external = {
    grafana: "external",
    readerNamespaces: "monitoring",
    grafanaUrl: "https://grafana.monitoring.test",
    grafanaAuth: "glsa_token",
    grafanaFolderUid: "finance",
  };

  it("deploys no Grafana, and its content there, to be deleted with the stack", async () => {
    const deployment = await deploy("dev", external);
    assert.deepEqual(
      ofType(deployment, "kubernetes:apps/v1:Deployment").map(({ name }) => name),
      ["loki-workload", "prometheus-workload", "tempo-workload"],
    );
    assert.equal(deployment.outputs["grafanaUrl"], "https://grafana.monitoring.test");
    assert.equal(deployment.outputs["grafanaAdminPassword"], undefined);
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
    const deployment = await deploy("prod", { ...external, collection: "none", grafanaDataSourceUid: "theirs" });
    assert.deepEqual(
      deployment.resources.filter(({ type }) => type.startsWith("kubernetes:")),
      [],
    );
    assert.equal(ofType(deployment, "grafana:oss/dataSource:DataSource").length, 0);
    const dashboards = ofType(deployment, "grafana:oss/dashboard:Dashboard").map(({ inputs }) =>
      String(inputs["configJson"]),
    );
    assert.ok(dashboards.length >= 4);
    for (const json of dashboards) {
      assert.match(json, /"uid":"theirs"/);
      assert.doesNotMatch(json, /claude-code-monitoring-prometheus/);
    }
  });

  it("reaches it by token or password, organisation and certificate", () => {
    const api = (more: Readonly<Record<string, string>>) =>
      externalGrafanaApi(parseConfig(stackConfig("prod", { ...external, ...more })));
    const byToken = api({ grafanaOrgId: "7" });
    assert.deepEqual([byToken.auth, byToken.orgId, byToken.caCertificate], ["glsa_token", undefined, undefined]);
    const byPassword = api({
      grafanaAuth: "admin:secret",
      grafanaOrgId: "7",
      grafanaCaCertificate: "-----BEGIN CERTIFICATE-----",
      grafanaInsecureSkipVerify: "true",
      grafanaApiUrl: "http://localhost:3000",
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
        grafanaAuth: "admin:secret",
        grafanaOrgId: "7",
        grafanaCaCertificate: "PEM",
        grafanaInsecureSkipVerify: "true",
        grafanaPrometheusUrl: "https://prometheus.example.com",
      }),
      "grafana-content-provider",
    );
    assert.equal(String(provider.inputs["orgId"]), "7");
    assert.equal(provider.inputs["caCert"], "PEM");
    assert.equal(String(provider.inputs["insecureSkipVerify"]), "true");
  });
});
