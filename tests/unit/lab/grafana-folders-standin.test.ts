import assert from "node:assert/strict";

import { GrafanaProvider } from "../../../lab/standins/grafana-provider/provider";
import { RecordingGrafana } from "./recording-grafana";

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
