import { type GrafanaApi } from "./grafana-api";
import { problemOf, type ResourceKind, unknownNames } from "./resource-kind";
import { comparable, objects, present, type Properties } from "./values";

/** One permission as Grafana's API has it; an empty one takes it away. */
interface StoredGrant {
  readonly builtInRole?: string;
  readonly teamId?: number;
  readonly permission: string;
  /** True if it was given, and not part of a role from the start. */
  readonly isManaged: boolean;
}

const roles: readonly unknown[] = ["Viewer", "Editor", "Admin"];
const levels: readonly unknown[] = ["View", "Edit", "Admin"];

const path = (uid: string): string => `/api/access-control/folders/${uid}`;

/** `grafana:oss/folderPermission:FolderPermission`: all permissions of a folder. Its uid here is the folder's. */
export const folderPermission: ResourceKind = {
  inputs: ["folderUid", "permissions"],
  defaults: { permissions: [] },
  problems: (inputs) => problemOf("permissions", objects(inputs["permissions"]).flatMap(problemsOf)),
  canonical: (property, value) => (property === "permissions" ? objects(value).map(keyOf).sort() : comparable(value)),
  replaces: (property) => property === "folderUid",
  path,
  create: async (api, inputs) => {
    const uid = String(inputs["folderUid"]);
    await save(api, uid, objects(inputs["permissions"]));
    return uid;
  },
  read: async (api, uid) => {
    const stored = await api.send<readonly StoredGrant[]>("GET", path(uid));
    return stored && { folderUid: uid, permissions: managed(stored).map(fromGrafana) };
  },
  update: (api, uid, inputs) => save(api, uid, objects(inputs["permissions"])),
  // Nobody but administrators sees the folder then; it may be gone already.
  remove: async (api, uid) => {
    const stored = await api.send<readonly StoredGrant[]>("GET", path(uid));
    await (stored && change(api, uid, stored, []));
  },
};

function problemsOf(grant: Properties): (string | undefined)[] {
  const { role, permission } = grant;
  const known = (role === undefined || roles.includes(role)) && levels.includes(permission);
  return [
    unknownNames(grant, ["role", "teamId", "permission"]),
    known ? undefined : `expected a role of ${roles.join(", ")} and a permission of ${levels.join(", ")}`,
  ];
}

async function save(api: GrafanaApi, uid: string, permissions: readonly Properties[]): Promise<void> {
  await change(api, uid, await api.save<readonly StoredGrant[]>("GET", path(uid)), permissions);
}

/** As the real plugin does: Grafana changes the permissions that it is told of, so those to go are told, too. */
async function change(
  api: GrafanaApi,
  uid: string,
  stored: readonly StoredGrant[],
  permissions: readonly Properties[],
): Promise<void> {
  const wanted = permissions.map(keyOf);
  const leaving = managed(stored).filter((grant) => !wanted.includes(keyOf(fromGrafana(grant))));
  const changes = [...leaving.map((grant) => ({ ...grant, permission: "" })), ...permissions.map(toGrafana)];
  await api.save("POST", path(uid), { permissions: changes });
}

function managed(stored: readonly StoredGrant[]): readonly StoredGrant[] {
  return stored.filter(({ isManaged }) => isManaged);
}

function toGrafana({ role, teamId, permission }: Properties): object {
  return { ...(role === undefined ? { teamId: Number(plainId(teamId)) } : { builtInRole: role }), permission };
}

function fromGrafana({ builtInRole, teamId, permission }: StoredGrant): Properties {
  return present({ role: builtInRole, teamId: teamId ? String(teamId) : undefined, permission });
}

/** Key that tells one permission from another; a team may be named by its id, `<organisation>:<id>`. */
function keyOf({ role, teamId, permission }: Properties): string {
  return [role ?? "", plainId(teamId), permission].join("|");
}

function plainId(id: unknown): string {
  return typeof id === "string" ? id.replace(/^\d+:/, "") : "";
}
