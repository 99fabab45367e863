import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { GrafanaProvider } from "../../../lab/standins/grafana-provider/provider";
import { record, recordVariable } from "../../../lab/standins/grafana-provider/record";
import { type Properties } from "../../../lab/standins/grafana-provider/values";
import { temporaryDirectory } from "../../support/processes";
import { RecordingGrafana } from "./recording-grafana";

const types = {
  contactPoint: "grafana:alerting/contactPoint:ContactPoint",
  policy: "grafana:alerting/notificationPolicy:NotificationPolicy",
  muteTiming: "grafana:alerting/muteTiming:MuteTiming",
  ruleGroup: "grafana:alerting/ruleGroup:RuleGroup",
};
const provisioning = "/api/v1/provisioning";

const contactPoint = {
  name: "Team",
  emails: [{ addresses: ["a@example.com", "b@example.com"] }],
  slacks: [{ url: "https://hooks.example.com/hush" }],
};
const muteTiming = {
  name: "Weekend",
  intervals: [{ weekdays: ["saturday"], times: [{ start: "00:00", end: "24:00" }], location: "UTC" }],
};
const policy = {
  contactPoint: "Team",
  groupBies: ["alertname"],
  groupWait: "30s",
  policies: [
    {
      contactPoint: "Team",
      matchers: [{ label: "monitoring", match: "=", value: "claude-code" }],
      muteTimings: ["Weekend"],
    },
  ],
};
const stage = {
  refId: "A",
  datasourceUid: "prometheus",
  relativeTimeRange: { from: 600, to: 0 },
  model: '{"refId":"A","expr":"vector(1)"}',
};
const rule = { uid: "one", name: "One", condition: "A", noDataState: "OK", execErrState: "OK", datas: [stage] };
const ruleGroup = { name: "Budgets: day", folderUid: "team", intervalSeconds: 60, rules: [rule] };

describe("the stand-in for Grafana's provider plugin, alerting", () => {
  const grafana = new RecordingGrafana();
  const { requests, answers } = grafana;
  const provider = new GrafanaProvider();

  before(async () => {
    provider.configure({ url: await grafana.start(), auth: "admin:admin", retries: "0" });
  });

  beforeEach(() => {
    grafana.forget();
  });

  after(async () => {
    await grafana.stop();
  });

  const reasons = (type: string, inputs: Properties): string[] =>
    provider.check(type, inputs).map(({ property, reason }) => `${property}: ${reason}`);
  const changed = (type: string, state: Properties, inputs: Properties): readonly string[] =>
    provider.diff(type, state, inputs).changed;
  const lines = (): string[] => requests.map(({ line }) => line);

  it("takes what this project declares", () => {
    assert.deepEqual(reasons(types.contactPoint, contactPoint), []);
    assert.deepEqual(reasons(types.policy, policy), []);
    assert.deepEqual(reasons(types.muteTiming, muteTiming), []);
    assert.deepEqual(reasons(types.ruleGroup, ruleGroup), []);
  });

  it("refuses what the real plugin would, and what it does not know itself", () => {
    assert.match(reasons(types.contactPoint, { emails: [{ addresses: ["a"] }] }).join(), /^name: missing/);
    assert.deepEqual(reasons(types.contactPoint, { name: "Team", slacks: [{}] }), ["slacks: missing: url"]);
    assert.match(reasons(types.contactPoint, { name: "T", emails: [{ addresses: [], color: "red" }] }).join(), /color/);
    assert.deepEqual(reasons(types.contactPoint, { name: "T", teams: [{}] }), ["teams: missing: url"]);
    assert.deepEqual(reasons(types.contactPoint, { name: "T", opsgenies: [{}] }), ["opsgenies: missing: apiKey"]);
    assert.match(
      reasons(types.contactPoint, { name: "T", discords: [{ url: "x" }] }).join(),
      /^discords: the stand-in/,
    );
    assert.deepEqual(reasons(types.policy, { groupBies: [] }), ["contactPoint: missing; it is required"]);
    assert.match(reasons(types.muteTiming, {}).join(), /^name: missing/);
    assert.match(reasons(types.ruleGroup, { folderUid: "team", rules: [] }).join(), /intervalSeconds: missing/);
    const broken = (data: object) => reasons(types.ruleGroup, { ...ruleGroup, rules: [{ ...rule, datas: [data] }] });
    assert.match(broken({ ...stage, model: { refId: "A" } }).join(), /^rules: One: expected the text of a JSON object/);
    assert.match(broken({ ...stage, relativeTimeRange: undefined }).join(), /One: a stage needs a relativeTimeRange/);
    assert.match(reasons(types.ruleGroup, { ...ruleGroup, rules: [{ ...rule, record: {} }] }).join(), /record/);
    for (const held of [{ keepFiringFor: "soon" }, { for: "5 min" }]) {
      const found = reasons(types.ruleGroup, { ...ruleGroup, rules: [{ ...rule, ...held }] });
      assert.deepEqual(found, [`rules: One: "${Object.values(held).join()}" is not a duration`]);
    }
  });

  it("leaves Grafana alone in a preview", async () => {
    for (const [type, inputs] of [
      [types.contactPoint, contactPoint],
      [types.ruleGroup, ruleGroup],
    ] as const) {
      assert.deepEqual((await provider.create(type, inputs, true)).outputs, inputs);
    }
    assert.deepEqual(requests, []);
  });

  it("makes an object for each way of a contact point, and does not miss redacted secrets", async () => {
    const path = `${provisioning}/contact-points`;
    const email = { uid: "1", name: "Team", type: "email", settings: { addresses: "a@example.com;b@example.com" } };
    const slack = { uid: "2", name: "Team", type: "slack", settings: { url: "[REDACTED]" } };
    answers.set(`POST ${path}`, {}).set(`GET ${path}`, [email, slack, { ...email, uid: "3", name: "Other" }]);
    const { id, outputs } = await provider.create(types.contactPoint, contactPoint, false);
    assert.equal(id, "1:Team");
    assert.deepEqual(outputs, contactPoint);
    assert.deepEqual(requests[0]?.body, {
      name: "Team",
      type: "email",
      settings: { addresses: "a@example.com;b@example.com" },
    });
    assert.deepEqual(changed(types.contactPoint, outputs, contactPoint), []);
    assert.deepEqual(changed(types.contactPoint, outputs, { ...contactPoint, slacks: [{ url: "new" }] }), ["slacks"]);
    answers.set(`PUT ${path}/1`, {}).set(`DELETE ${path}/1`, {}).set(`DELETE ${path}/2`, {});
    requests.length = 0;
    await provider.update(types.contactPoint, id, outputs, { name: "Team", emails: contactPoint.emails }, false);
    assert.deepEqual(lines().slice(0, 3), [`GET ${path}`, `PUT ${path}/1`, `DELETE ${path}/2`]);
    requests.length = 0;
    await provider.delete(types.contactPoint, id);
    assert.deepEqual(lines(), [`GET ${path}`, `DELETE ${path}/1`, `DELETE ${path}/2`]);
    assert.deepEqual(provider.diff(types.contactPoint, outputs, { ...contactPoint, name: "B" }).replaced, ["name"]);
  });

  it("sends each integration's settings by the names that Grafana 13.2 documents", async () => {
    const path = `${provisioning}/contact-points`;
    answers.set(`POST ${path}`, {}).set(`GET ${path}`, [
      {
        uid: "1",
        name: "Team",
        type: "opsgenie",
        settings: { apiKey: "[REDACTED]", apiUrl: "https://api", autoClose: true },
      },
    ]);
    const opsgenies = [{ apiKey: "key", url: "https://api", autoClose: true }];
    const ways = {
      ...contactPoint,
      teams: [{ url: "https://teams" }],
      webhooks: [{ url: "https://hook" }],
      pagerduties: [{ integrationKey: "key", severity: "critical" }],
      opsgenies,
    };
    const { outputs } = await provider.create(types.contactPoint, ways, false);
    // https://grafana.com/docs/grafana/v13.2/alerting/set-up/provision-alerting-resources/file-provisioning/#settings
    assert.deepEqual(
      requests.filter(({ body }) => body !== undefined).map(({ body }) => body),
      [
        { name: "Team", type: "email", settings: { addresses: "a@example.com;b@example.com" } },
        { name: "Team", type: "slack", settings: { url: "https://hooks.example.com/hush" } },
        { name: "Team", type: "teams", settings: { url: "https://teams" } },
        { name: "Team", type: "webhook", settings: { url: "https://hook" } },
        { name: "Team", type: "pagerduty", settings: { integrationKey: "key", severity: "critical" } },
        { name: "Team", type: "opsgenie", settings: { apiKey: "key", apiUrl: "https://api", autoClose: true } },
      ],
    );
    assert.deepEqual(outputs["opsgenies"], opsgenies);
  });

  it("maps mute timings there and back", async () => {
    const stored = {
      name: "Weekend",
      time_intervals: [
        { weekdays: ["saturday"], location: "UTC", times: [{ start_time: "00:00", end_time: "24:00" }] },
      ],
    };
    answers.set(`POST ${provisioning}/mute-timings`, stored).set(`GET ${provisioning}/mute-timings/Weekend`, stored);
    const { outputs } = await provider.create(types.muteTiming, muteTiming, false);
    assert.deepEqual(outputs, muteTiming);
    assert.deepEqual(requests[0]?.body, stored);
  });

  it("maps the notification policy there and back, and resets it when it is deleted", async () => {
    const path = `${provisioning}/policies`;
    const stored = {
      receiver: "Team",
      group_by: ["alertname"],
      group_wait: "30s",
      routes: [
        {
          receiver: "Team",
          mute_time_intervals: ["Weekend"],
          object_matchers: [["monitoring", "=", "claude-code"]],
        },
      ],
    };
    answers.set(`PUT ${path}`, {}).set(`GET ${path}`, stored).set(`DELETE ${path}`, {});
    const { id, outputs } = await provider.create(types.policy, policy, false);
    assert.deepEqual(outputs, policy);
    assert.deepEqual(requests[0]?.body, stored);
    assert.deepEqual(changed(types.policy, { ...outputs, policies: undefined }, { ...policy, policies: [] }), []);
    await provider.delete(types.policy, id);
    assert.equal(lines().at(-1), `DELETE ${path}`);
  });

  it("maps rule groups there and back, models as JSON and as text", async () => {
    const path = `${provisioning}/folder/team/rule-groups/${encodeURIComponent("Budgets: day")}`;
    const settings = { contactPoint: "Team", groupBies: ["alertname"], muteTimings: ["Weekend"] };
    const held = { keepFiringFor: "15m", missingSeriesEvalsToResolve: 4 };
    const inputs = { ...ruleGroup, rules: [{ ...rule, ...held, notificationSettings: settings }] };
    const data = [{ ...stage, model: { refId: "A", expr: "vector(1)" } }];
    const { name, datas, ...shared } = rule;
    const theirs = { receiver: "Team", group_by: ["alertname"], mute_time_intervals: ["Weekend"] };
    // The provisioning API spells these two differently: a name that it does not know, it drops.
    const theirHeld = { keep_firing_for: "15m", missingSeriesEvalsToResolve: 4 };
    const storedRule = { ...shared, ...theirHeld, title: name, data, notification_settings: theirs };
    assert.equal(datas.length, 1);
    answers.set(`PUT ${path}`, {}).set(`GET ${path}`, { title: "Budgets: day", interval: 60, rules: [storedRule] });
    const { id, outputs } = await provider.create(types.ruleGroup, inputs, false);
    assert.equal(id, "1:team:Budgets: day");
    assert.deepEqual(requests[0]?.body, {
      title: "Budgets: day",
      folderUid: "team",
      interval: 60,
      rules: [storedRule],
    });
    assert.deepEqual(changed(types.ruleGroup, outputs, inputs), []);
    assert.deepEqual(changed(types.ruleGroup, outputs, ruleGroup), ["rules"]);
    assert.deepEqual(provider.diff(types.ruleGroup, outputs, { ...inputs, folderUid: "b" }).replaced, ["folderUid"]);
    answers.delete(`GET ${path}`);
    assert.equal(await provider.read(types.ruleGroup, id, outputs), undefined);
  });

  it("records no credential of a contact point", () => {
    const file = path.join(temporaryDirectory("grafana-alerting-standin"), "record.jsonl");
    const before = process.env[recordVariable];
    process.env[recordVariable] = file;
    try {
      record({
        inputs: {
          ...contactPoint,
          pagerduties: [{ integrationKey: "hush" }],
          webhooks: [{ url: "hush" }],
          teams: [{ url: "hush" }],
          opsgenies: [{ apiKey: "hush" }],
        },
      });
    } finally {
      process.env[recordVariable] = before ?? "";
    }
    const text = fs.readFileSync(file, "utf8");
    assert.match(text, /a@example.com/);
    assert.doesNotMatch(text, /hush/);
  });
});
