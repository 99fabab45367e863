import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { ensureGrafanaProviderStandIn, ensureGrafanaServerStandIn, ensureTools } from "../../lab/lab";
import { freePorts, loopback } from "../support/loopback-ports";
import {
  type ManagedProcess,
  startProcess,
  temporaryDirectory,
  waitUntil,
  waitUntilServing,
} from "../support/processes";

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
  emails: [{ addresses: ["team@example.com"] }],
  webhooks: [{ url: pulumi.secret("https://example.com/hush") }],
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
    labels: { severity: "warning" }, annotations: { __dashboardUid__: "costs", __panelId__: "1" },
    datas: [{
      refId: "A", datasourceUid: "prom", relativeTimeRange: { from: 600, to: 0 },
      model: JSON.stringify({ refId: "A", expr: "vector(1)", instant: true }),
    }],
    notificationSettings: { contactPoint: contactPoint.name, groupBies: ["grafana_folder", "alertname"] },
  }],
}, { provider, deleteBeforeReplace: true });
`;

/** What the engine said, and how it counted: "+ 3 created" and the like. */
interface Run {
  readonly failed: boolean;
  readonly output: string;
  readonly counts: readonly string[];
}

describe("the stand-ins for Grafana, driven by the Pulumi engine", function () {
  this.timeout(120_000);

  const root = temporaryDirectory("grafana-standins");
  const project = path.join(root, "project");
  const data = path.join(root, "data");
  const recordFile = path.join(root, "record.jsonl");
  let environment: Record<string, string>;
  let url: string;
  let server: ManagedProcess | undefined;

  before(async function () {
    this.timeout(1_800_000);
    const tools = await ensureTools(["pulumi", "pulumi-language-nodejs"]);
    const plugin = await ensureGrafanaProviderStandIn();
    const [port = 0] = await freePorts(1);
    url = `http://${loopback}:${port}`;
    environment = {
      PATH: [...[...Object.values(tools), plugin].map((file) => path.dirname(file)), process.env["PATH"]].join(":"),
      HOME: root,
      PULUMI_HOME: path.join(root, "pulumi"),
      PULUMI_BACKEND_URL: `file://${root}/state`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      CLAUDE_MONITORING_GRAFANA_STANDIN_LOG: recordFile,
    };
    for (const folder of ["project", "data", "state"]) {
      fs.mkdirSync(path.join(root, folder));
    }
    fs.symlinkSync(path.resolve(__dirname, "../../node_modules"), path.join(project, "node_modules"));
    fs.writeFileSync(path.join(project, "package.json"), '{"name":"scratch","main":"index.js"}');
    fs.writeFileSync(path.join(project, "Pulumi.yaml"), "name: scratch\nruntime: nodejs\n");
    fs.writeFileSync(path.join(project, "index.js"), program);
    configure({});
    assert.equal((await pulumi("stack", "init", "dev")).failed, false);
  });

  after(async () => {
    await server?.stop();
  });

  const configure = (more: object): void => {
    const settings = {
      ...{ url, retries: 1, folderUid: "team", title: "Costs", interval: 60, weekdays: ["saturday", "sunday"] },
      ...more,
    };
    fs.writeFileSync(path.join(project, "settings.json"), JSON.stringify(settings));
  };
  const pulumi = (...args: string[]): Promise<Run> =>
    new Promise((resolve) => {
      const options = { cwd: project, env: environment, timeout: 100_000 };
      execFile("pulumi", [...args, "--non-interactive"], options, (error, stdout, stderr) => {
        const summary = /^Resources:\n((?: {4}.*\n)+)/m.exec(stdout)?.[1] ?? "";
        const counts = summary.trim().split(/\n\s*/);
        resolve({ failed: error !== null, output: stdout + stderr, counts });
      });
    });
  const recorded = (): string => (fs.existsSync(recordFile) ? fs.readFileSync(recordFile, "utf8") : "");
  const up = (...args: string[]): Promise<Run> => pulumi("up", "--yes", "--skip-preview", ...args);
  const startServer = async (password: string, delaySeconds: number): Promise<ManagedProcess> =>
    startProcess({
      name: "grafana-server-standin",
      command: await ensureGrafanaServerStandIn(),
      args: [],
      logFile: path.join(root, "server.log"),
      env: {
        GF_PATHS_DATA: data,
        GF_SERVER_HTTP_ADDR: loopback,
        GF_SERVER_HTTP_PORT: new URL(url).port,
        GF_SECURITY_ADMIN_PASSWORD: password,
        STANDIN_START_DELAY: String(delaySeconds),
      },
    });
  const grafana = async (method: string, api: string, body?: object): Promise<unknown> => {
    const headers = { Authorization: `Basic ${Buffer.from("admin:s3cret").toString("base64")}` };
    const response = await fetch(url + api, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    assert.equal(response.headers.get("x-stand-in"), "grafana-server");
    return response.status === 404 ? undefined : response.json();
  };
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
    fs.rmSync(recordFile);
    const running = up();
    const refused = /"POST \/api\/folders","status":"connect ECONNREFUSED/;
    await waitUntil("the plugin finds nobody", () => refused.test(recorded()), 60_000);
    server = await startServer("s3cret", 1);
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

  it("keeps content and password when the server is killed", async () => {
    server?.signal("SIGKILL");
    await server?.ended;
    server = await startServer("another", 0);
    await waitUntilServing(server, `${url}/api/health`);
    assert.equal(await titleInGrafana(), "Costs by team");
  });

  it("puts no secret into the state in plain text", () => {
    const state = fs.readFileSync(path.join(root, "state/.pulumi/stacks/scratch/dev.json"), "utf8");
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
