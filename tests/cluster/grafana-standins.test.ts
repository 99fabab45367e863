import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { GrafanaPlace, GrafanaProject } from "./grafana-project";
import { type ManagedProcess, waitUntil, waitUntilServing } from "../support/processes";

const program = `
const pulumi = require("@pulumi/pulumi");
const grafana = require("@pulumiverse/grafana");
const settings = JSON.parse(require("fs").readFileSync("settings.json"));
const provider = new grafana.Provider("grafana", { url: settings.url, auth: "admin:s3cret", retries: settings.retries, retryWait: 1 });
const folder = new grafana.oss.Folder("folder", { uid: settings.folderUid, title: "Team" }, { provider });
const team = new grafana.oss.Team("team", { name: "Web" }, { provider });
new grafana.oss.FolderPermission("permissions", {
  folderUid: folder.uid,
  permissions: [{ role: "Editor", permission: "Edit" }, { teamId: team.id, permission: "View" }],
}, { provider });
new grafana.oss.DataSource("source", {
  uid: "prom", name: "Prometheus", type: "prometheus", url: "http://prometheus:9090", isDefault: true,
  jsonDataEncoded: JSON.stringify({ timeInterval: "1m", httpMethod: "POST" }),
  secureJsonDataEncoded: JSON.stringify({ token: "hush" }),
}, { provider });
new grafana.oss.Dashboard("dashboard", {
  folder: folder.uid, overwrite: true,
  configJson: JSON.stringify({ uid: "costs", title: settings.title, panels: [{ id: 1, type: "text" }] }),
}, { provider });
const contactPoint = new grafana.alerting.ContactPoint("contact-point", {
  name: "Team",
  emails: settings.emails.map((address) => ({ addresses: [address] })),
  webhooks: [{ url: pulumi.secret("https://example.com/hush") }],
  teams: [{ url: pulumi.secret("https://example.com/hush") }],
  opsgenies: [{ apiKey: pulumi.secret("hush"), url: "https://api.opsgenie.com/v2/alerts", autoClose: true }],
}, { provider });
const muteTiming = new grafana.alerting.MuteTiming("mute-timing", {
  name: "Weekend",
  intervals: [{
    weekdays: settings.weekdays, times: [{ start: "00:00", end: "24:00" }], location: "Europe/Berlin",
  }],
}, { provider });
new grafana.alerting.NotificationPolicy("policy", {
  contactPoint: contactPoint.name, groupBies: ["alertname"], groupWait: "30s",
  policies: [{
    contactPoint: contactPoint.name,
    matchers: [{ label: "monitoring", match: "=", value: "claude-code" }],
    muteTimings: [muteTiming.name],
  }],
}, { provider });
new grafana.alerting.RuleGroup("rules", {
  name: "Budgets: day", folderUid: folder.uid, intervalSeconds: settings.interval,
  rules: [{
    uid: "budget", name: "Budget", condition: "A", for: "0s", noDataState: "OK", execErrState: "KeepLast",
    keepFiringFor: "15m", missingSeriesEvalsToResolve: settings.missingEvaluations,
    labels: { severity: "warning" }, annotations: { __dashboardUid__: "costs", __panelId__: "1" },
    datas: [{
      refId: "A", datasourceUid: "prom", relativeTimeRange: { from: 600, to: 0 },
      model: JSON.stringify({ refId: "A", expr: "vector(1)", instant: true }),
    }],
    notificationSettings: { contactPoint: contactPoint.name, groupBies: ["grafana_folder", "alertname"] },
  }],
}, { provider, deleteBeforeReplace: true });
`;

describe("the stand-ins for Grafana, driven by the Pulumi engine", function () {
  this.timeout(120_000);

  const project = new GrafanaProject("grafana-standins", program);
  let place: GrafanaPlace;
  let server: ManagedProcess | undefined;

  before(async function () {
    this.timeout(1_800_000);
    place = await GrafanaPlace.create(path.join(project.root, "data"));
    await project.create(settings({}));
  });

  after(async () => {
    await server?.stop();
  });

  const settings = (more: object): object => ({
    ...{ url: place.url, retries: 1, folderUid: "team", title: "Costs", interval: 60, missingEvaluations: 16 },
    weekdays: ["saturday", "sunday"],
    emails: ["team@example.com"],
    ...more,
  });
  const configure = (more: object): void => {
    project.configure(settings(more));
  };
  const pulumi = (...args: string[]) => project.pulumi(...args);
  const up = (...args: string[]) => project.up(...args);
  const recorded = () => project.recorded();
  const grafana = (method: string, api: string, body?: object) => place.ask(method, api, body);
  const titleInGrafana = async (): Promise<unknown> => {
    const found = (await grafana("GET", "/api/dashboards/uid/costs")) as { dashboard: { title: unknown } } | undefined;
    return found?.dashboard.title;
  };

  it("previews with Grafana down, and warns of the stand-in", async () => {
    const run = await pulumi("preview");
    assert.deepEqual(run.counts, ["+ 11 to create"], run.output);
    assert.match(run.output, /warning: STAND-IN for pulumi-resource-grafana/);
  });

  it("fails after its retries with Grafana down", async () => {
    const run = await up();
    assert.equal(run.failed, true);
    assert.match(run.output, /POST http:\S+\/api\/folders: .*ECONNREFUSED.* \(2 attempts\)/);
  });

  it("waits for a Grafana that starts late", async () => {
    configure({ retries: 60 });
    fs.rmSync(project.recordFile);
    const running = up();
    const refused = /"POST \/api\/folders","status":"connect ECONNREFUSED/;
    await waitUntil("the plugin finds nobody", () => refused.test(recorded()), 60_000);
    server = await place.start("s3cret", 1);
    const run = await running;
    assert.equal(run.failed, false, run.output);
    assert.equal(await titleInGrafana(), "Costs");
  });

  it("refuses alert rules and mute timings that Grafana would refuse", async () => {
    configure({ retries: 60, interval: 65, weekdays: ["saturday:sunday"] });
    const run = await up("--continue-on-error");
    assert.equal(run.failed, true);
    assert.match(run.output, /interval should be non-zero and divided exactly by scheduler interval: 10s/);
    assert.match(run.output, /invalid weekday: saturday:sunday/);
    configure({ retries: 60, missingEvaluations: -1 });
    assert.match((await up()).output, /field `missing_series_evals_to_resolve` must be greater than 0/);
    configure({ retries: 60 });
  });

  it("changes nothing when nothing changed", async () => {
    const run = await up("--expect-no-changes", "--refresh");
    assert.deepEqual([run.failed, run.counts], [false, ["11 unchanged"]], run.output);
  });

  it("changes what changed, moving the dashboard to a new folder", async () => {
    configure({ retries: 60, folderUid: "other", title: "Costs by team" });
    const run = await up();
    assert.deepEqual(run.counts, ["~ 1 updated", "+-3 replaced", "4 changes. 7 unchanged"], run.output);
    assert.equal(await titleInGrafana(), "Costs by team");
    assert.equal(await grafana("GET", "/api/folders/team"), undefined);
  });

  it("repairs a dashboard that was changed by hand, and one that was deleted", async () => {
    const dashboard = { uid: "costs", title: "By hand" };
    await grafana("POST", "/api/dashboards/db", { dashboard, folderUid: "other", overwrite: true });
    const changed = await up("--refresh");
    assert.deepEqual(changed.counts, ["~ 1 updated", "10 unchanged"], changed.output);
    assert.equal(await titleInGrafana(), "Costs by team");
    await grafana("DELETE", "/api/dashboards/uid/costs");
    const deleted = await up("--refresh");
    assert.deepEqual(deleted.counts, ["+ 1 created", "10 unchanged"], deleted.output);
    assert.equal(await titleInGrafana(), "Costs by team");
  });

  it("gives a folder to whom it is told, and repairs what was given by hand", async () => {
    const permissions = "/api/access-control/folders/other";
    const given = async (): Promise<unknown> =>
      ((await grafana("GET", permissions)) as Record<string, unknown>[])
        .filter(({ isManaged }) => isManaged)
        .map(({ builtInRole, teamId, permission }) => [builtInRole || typeof teamId, permission]);
    const declared = [
      ["Editor", "Edit"],
      ["number", "View"],
    ];
    assert.deepEqual(await given(), declared);
    await grafana("POST", permissions, { permissions: [{ builtInRole: "Viewer", permission: "Edit" }] });
    const changed = await up("--refresh");
    assert.deepEqual(changed.counts, ["~ 1 updated", "10 unchanged"], changed.output);
    assert.deepEqual(await given(), declared);
  });

  it("repairs a notification policy that was changed by hand", async () => {
    const policies = "/api/v1/provisioning/policies";
    await grafana("PUT", policies, { receiver: "Team", group_by: ["team"] });
    const changed = await up("--refresh");
    assert.deepEqual(changed.counts, ["~ 1 updated", "10 unchanged"], changed.output);
    assert.deepEqual(((await grafana("GET", policies)) as { group_by: unknown }).group_by, ["alertname"]);
  });

  it("takes a way of the contact point away, and gives it back, while the policy and a rule use the point", async () => {
    const ways = async () =>
      ((await grafana("GET", "/api/v1/provisioning/contact-points")) as { type: string }[])
        .map(({ type }) => type)
        .sort();
    const all = await ways();
    const moved = { retries: 60, folderUid: "other", title: "Costs by team" };
    for (const [emails, expected] of [
      [[], all.filter((type) => type !== "email")],
      [["team@example.com"], all],
    ] as const) {
      configure({ ...moved, emails });
      const run = await up();
      assert.deepEqual([run.failed, run.counts], [false, ["~ 1 updated", "10 unchanged"]], run.output);
      assert.deepEqual(await ways(), expected);
    }
  });

  it("keeps content and password when the server is killed", async () => {
    server?.signal("SIGKILL");
    await server?.ended;
    server = await place.start("another");
    await waitUntilServing(server, `${place.url}/api/health`);
    assert.equal(await titleInGrafana(), "Costs by team");
  });

  it("puts no secret into the state in plain text", () => {
    const state = fs.readFileSync(path.join(project.root, "state/.pulumi/stacks/scratch/dev.json"), "utf8");
    assert.match(state, /secureJsonDataEncoded/);
    assert.match(state, /team@example.com/);
    assert.doesNotMatch(state + recorded(), /hush|s3cret/);
  });

  it("leaves nothing behind", async () => {
    const run = await pulumi("destroy", "--yes", "--skip-preview");
    assert.deepEqual([run.failed, run.counts], [false, ["- 11 deleted"]], run.output);
    assert.deepEqual(await grafana("GET", "/api/folders"), []);
    assert.deepEqual(await grafana("GET", "/api/datasources"), []);
    assert.deepEqual(await grafana("GET", "/api/v1/provisioning/contact-points"), []);
    assert.equal(await titleInGrafana(), undefined);
  });
});
