import assert from "node:assert/strict";
import * as http from "node:http";

import { GrafanaProvider } from "../../../lab/standins/grafana-provider/provider";
import { closeServer, listen, loopback } from "../../support/loopback-ports";

const types = { permissions: "grafana:oss/folderPermission:FolderPermission", team: "grafana:oss/team:Team" };
const permissions = "/api/access-control/folders/people";
const declared = {
  folderUid: "people",
  permissions: [
    { role: "Editor", permission: "Edit" },
    { teamId: "1:7", permission: "View" },
  ],
};

describe("the stand-in for Grafana's provider plugin, folders and teams", () => {
  const requests: { readonly line: string; readonly body: unknown }[] = [];
  /** Answers by "METHOD path"; 404 for what is not here. */
  const answers = new Map<string, unknown>();
  const grafana = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const line = `${request.method ?? ""} ${request.url ?? ""}`;
      const body = Buffer.concat(chunks).toString();
      requests.push({ line, body: body === "" ? undefined : JSON.parse(body) });
      response.writeHead(answers.has(line) ? 200 : 404).end(JSON.stringify(answers.get(line) ?? { message: "none" }));
    });
  });
  const provider = new GrafanaProvider();

  before(async () => {
    const port = await listen(grafana, loopback, 0);
    provider.configure({ url: `http://${loopback}:${port}`, auth: "admin:admin", retries: "0" });
  });

  beforeEach(() => {
    requests.length = 0;
    answers.clear();
  });

  after(async () => {
    grafana.closeAllConnections();
    await closeServer(grafana);
  });

  it("takes what this project declares, and refuses roles and levels that Grafana does not know", () => {
    const reasons = (type: string, inputs: Record<string, unknown>) => provider.check(type, inputs);
    assert.deepEqual(reasons(types.permissions, declared), []);
    assert.deepEqual(reasons(types.team, { name: "web" }), []);
    for (const grant of [
      { role: "Owner", permission: "View" },
      { role: "Viewer", permission: "Read" },
      { userId: "1" },
    ]) {
      assert.equal(reasons(types.permissions, { folderUid: "people", permissions: [grant] }).length, 1);
    }
    assert.equal(reasons(types.team, { name: "web", members: ["a@example.com"] }).length, 1);
  });

  it("takes away what a new folder gives to everybody, and leaves what belongs to a role", async () => {
    const stored = [
      { builtInRole: "Admin", permission: "Admin", isManaged: false },
      { builtInRole: "Editor", permission: "Edit", isManaged: true },
      { builtInRole: "Viewer", permission: "View", isManaged: true },
    ];
    answers.set(`GET ${permissions}`, stored).set(`POST ${permissions}`, {});
    const { id } = await provider.create(types.permissions, declared, false);
    assert.equal(id, "1:people");
    assert.deepEqual(requests.find(({ line }) => line.startsWith("POST"))?.body, {
      permissions: [
        { builtInRole: "Viewer", permission: "", isManaged: true },
        { builtInRole: "Editor", permission: "Edit" },
        { teamId: 7, permission: "View" },
      ],
    });
  });

  it("takes the same permissions for the same, in whatever order, and another folder for another object", () => {
    const state = {
      folderUid: "people",
      permissions: [
        { teamId: "7", permission: "View" },
        { role: "Editor", permission: "Edit" },
      ],
    };
    assert.deepEqual(provider.diff(types.permissions, state, declared).changed, []);
    const more = { ...declared, permissions: [{ role: "Editor", permission: "View" }] };
    assert.deepEqual(provider.diff(types.permissions, state, more).changed, ["permissions"]);
    assert.deepEqual(provider.diff(types.permissions, state, { ...declared, folderUid: "b" }).replaced, ["folderUid"]);
  });

  it("is at ease with a folder that went first, and reports a team that is gone", async () => {
    await provider.delete(types.permissions, "1:people");
    assert.deepEqual(
      requests.map(({ line }) => line),
      [`GET ${permissions}`],
    );
    assert.equal(await provider.read(types.team, "1:7", {}), undefined);
    answers.set("GET /api/teams/7", { id: 7, uid: "u", name: "web" });
    assert.deepEqual((await provider.read(types.team, "1:7", {}))?.outputs, { name: "web", teamId: 7, teamUid: "u" });
  });
});
