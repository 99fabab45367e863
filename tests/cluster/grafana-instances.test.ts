import assert from "node:assert/strict";
import * as path from "node:path";

import { admin, GrafanaPlace, GrafanaProject } from "./grafana-project";
import { type ManagedProcess, waitUntilServing } from "../support/processes";

/** The stack's own component; the volume is one in name only. */
const program = `
const pulumi = require("@pulumi/pulumi");
const { GrafanaContent } = require(${JSON.stringify(path.resolve(__dirname, "../../components/grafana/content"))});
const { url, volumeUid, title } = JSON.parse(require("fs").readFileSync("settings.json"));
const volume = new pulumi.ComponentResource("scratch:index:Volume", "volume");
volume.metadata = { uid: volumeUid };
new GrafanaContent("content", {
  api: { url, auth: "${admin}", readyTimeoutSeconds: 20 },
  folders: [
    { uid: "main", title, readers: { leastRole: "Viewer" }, dashboards: [{ uid: "costs", json: JSON.stringify({ uid: "costs", title }) }] },
    { key: "web", uid: "web", title: "Web", readers: { team: "Web" }, dashboards: [] },
    { key: "core", uid: "core", title: "Core", readers: { team: "Core" }, dashboards: [] },
  ],
  dataSources: [
    { type: "prometheus", uid: "prom", name: title, url: "http://prometheus:9090", isDefault: true, settings: {} },
  ],
  alerting: {
    dataSourceUid: "prom",
    delivery: {
      contactPoint: { name: "Team", emails: ["team@example.com"] },
      groupBy: ["alertname"], groupWait: 30, groupInterval: 300, repeatInterval: 3600,
      routing: "policy", ownership: { name: "monitoring", value: "claude-code" },
    },
    groups: [{
      key: "budgets", name: "Budgets", intervalSeconds: 60,
      alerts: [{
        uid: "budget", name: "Budget", expr: "vector(1)", threshold: { type: "gt", value: 0 }, for: "0s",
        noDataState: "OK", execErrState: "KeepLast", labels: { severity: "warning" }, annotations: {},
      }],
    }],
  },
  storedIn: volumeUid === undefined ? undefined : volume,
});
`;

/** More than any Grafana here gives out. */
const mostIds = 150;

/** What {@link program} declares, as Grafana has it. */
const everything = {
  folders: ["Core", "main", "Web"],
  dashboard: "main",
  dataSources: ["main"],
  teams: ["Core", "Web"],
};
const nothing = { folders: [], dashboard: undefined, dataSources: [], teams: [] };

async function contentOf(place: GrafanaPlace): Promise<typeof everything | typeof nothing> {
  const named = async (api: string, key: string) =>
    ((await place.ask("GET", api)) as Record<string, string>[]).map((item) => item[key]!).sort(compare);
  const found = (await place.ask("GET", "/api/dashboards/uid/costs")) as { dashboard: { title: string } } | undefined;
  return {
    folders: await named("/api/folders", "title"),
    dashboard: found?.dashboard.title,
    dataSources: await named("/api/datasources", "name"),
    teams: await teamsOf(place),
  } as typeof everything;
}

/** No search for teams is there to ask, so each id is. */
async function teamsOf(place: GrafanaPlace): Promise<string[]> {
  const ids = Array.from({ length: mostIds }, (_, id) => id);
  const found = await Promise.all(ids.map((id) => place.ask("GET", `/api/teams/${id}`)));
  return found.flatMap((team) => (team === undefined ? [] : [(team as { name: string }).name])).sort(compare);
}

function compare(a: string, b: string): number {
  return a.localeCompare(b);
}

describe("content of a Grafana that is another one than before", function () {
  this.timeout(120_000);

  const project = new GrafanaProject("grafana-instances", program);
  const servers: ManagedProcess[] = [];
  let first: GrafanaPlace;
  let second: GrafanaPlace;

  const serve = async (place: GrafanaPlace): Promise<ManagedProcess> => {
    const server = await place.start();
    servers.push(server);
    await waitUntilServing(server, `${place.url}/api/health`);
    return server;
  };

  before(async function () {
    this.timeout(1_800_000);
    first = await GrafanaPlace.create(path.join(project.root, "first"));
    second = await GrafanaPlace.create(path.join(project.root, "second"));
    await project.create({ url: first.url, volumeUid: "a", title: "main" });
    await serve(first);
    const run = await project.up();
    assert.equal(run.failed, false, run.output);
    assert.deepEqual(await contentOf(first), everything);
  });

  after(async () => {
    await Promise.all(servers.map((server) => server.stop()));
  });

  it("is made anew once the volume is another", async () => {
    await servers[0]?.stop();
    first.wipe();
    await serve(first);
    project.configure({ url: first.url, volumeUid: "b", title: "main" });
    const run = await project.up();
    assert.equal(run.failed, false, run.output);
    assert.deepEqual(await contentOf(first), everything);
    const again = await project.up("--refresh", "--expect-no-changes");
    assert.equal(again.failed, false, again.output);
  });

  it("stays as it is where only the way to Grafana changes", async () => {
    project.configure({ url: first.url.replace("127.0.0.1", "localhost"), volumeUid: "b", title: "main" });
    const run = await project.up();
    assert.deepEqual([run.failed, run.counts[0]], [false, "~ 1 updated"], run.output);
  });

  it("moves to an external Grafana, and from one to the next", async () => {
    await serve(second);
    project.configure({ url: second.url, title: "main" });
    const moved = await project.up();
    assert.equal(moved.failed, false, moved.output);
    assert.deepEqual([await contentOf(first), await contentOf(second)], [nothing, everything]);

    project.configure({ url: first.url, title: "main" });
    const back = await project.up();
    assert.equal(back.failed, false, back.output);
    assert.deepEqual([await contentOf(first), await contentOf(second)], [everything, nothing]);
  });

  it("leaves other teams alone that have the ids of those that were lost", async () => {
    const strangers = Array.from({ length: 50 }, (_, index) => `Team ${index}`);
    for (const name of strangers) {
      await second.ask("POST", "/api/teams", { name });
    }
    project.configure({ url: second.url, title: "main" });
    const run = await project.up();
    assert.equal(run.failed, false, run.output);
    assert.deepEqual((await contentOf(second)).teams, ["Core", "Web", ...strangers].sort(compare));
  });

  it("moves from one that is gone once the state has forgotten it", async () => {
    await servers.pop()?.stop();
    project.configure({ url: first.url, title: "main" });
    const run = await project.up();
    assert.match(run.output, /DELETE .*ECONNREFUSED/);
    const exported = await project.pulumi("stack", "--show-urns");
    const provider = /urn:\S+pulumi:providers:grafana::\S+/.exec(exported.output)?.[0] ?? "";
    const forgotten = await project.pulumi("state", "delete", provider, "--target-dependents", "--yes");
    assert.equal(forgotten.failed, false, forgotten.output);
    const again = await project.up();
    assert.equal(again.failed, false, again.output);
    assert.deepEqual(await contentOf(first), everything);
  });
});
