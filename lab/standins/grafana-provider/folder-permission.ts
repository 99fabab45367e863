import { objects, present, unknownNames } from "./alerting-properties";
import { type GrafanaApi } from "./grafana-api";
import { type Properties, type ResourceKind, written } from "./resource-kind";

/** One permission as Grafana's API has it; an empty one takes it away. */
interface Grant {
  readonly builtInRole?: string;
  readonly teamId?: number;
  readonly permission: string;
}

interface StoredGrant extends Grant {
  /** True if it was given, and not part of a role from the start. */
  readonly isManaged: boolean;
}

const roles = ["Viewer", "Editor", "Admin"];
const levels = ["View", "Edit", "Admin"];

/** `grafana:oss/folderPermission:FolderPermission`: all permissions of a folder. Its uid here is the folder's. */
export const folderPermission: ResourceKind = {
  unsupported: ["orgId"],
  defaults: { permissions: [] },
  computed: [],
  problems,
  canonical: (property, value) => (property === "permissions" ? objects(value).map(keyOf).sort() : value),
  ignores: () => false,
  replaces: (property) => property === "folderUid",
  uniqueName: undefined,
  create: async (api, inputs) => {
    const uid = String(inputs["folderUid"]);
    await save(api, uid, objects(inputs["permissions"]));
    return uid;
  },
  read: async (api, uid) => {
    const found = await api.send<readonly StoredGrant[]>("GET", folderPermission.path(uid));
    return found && { folderUid: uid, permissions: found.filter(({ isManaged }) => isManaged).map(fromGrafana) };
  },
  update: async (api, uid, inputs) => save(api, uid, objects(inputs["permissions"])),
  // Nobody but administrators sees the folder then; it may be gone already.
  remove: async (api, uid) => {
    const found = await api.send<object>("GET", folderPermission.path(uid));
    await (found && save(api, uid, []));
  },
  path: (uid) => `/api/access-control/folders/${uid}`,
};

function problems(inputs: Properties): Readonly<Record<string, string>> {
  const reasons = objects(inputs["permissions"]).flatMap((grant) => {
    const { role, permission } = grant;
    const isOneOf = (names: readonly string[], value: unknown) => names.some((name) => name === value);
    const known = (role === undefined || isOneOf(roles, role)) && isOneOf(levels, permission);
    return [
      unknownNames(grant, ["role", "teamId", "permission"]),
      known ? undefined : `expected a role of ${roles.join(", ")} and a permission of ${levels.join(", ")}`,
    ];
  });
  const found = reasons.filter((reason) => reason !== undefined);
  return found.length === 0 ? {} : { permissions: found.join("; ") };
}

/** As the real plugin does: Grafana changes the permissions that it is told of, so those to go are told, too. */
async function save(api: GrafanaApi, uid: string, permissions: readonly Properties[]): Promise<void> {
  const path = folderPermission.path(uid);
  const stored = written(await api.send<readonly StoredGrant[]>("GET", path), `permissions of folder ${uid}`);
  const wanted = permissions.map(keyOf);
  const leaving = stored.filter((grant) => grant.isManaged && !wanted.includes(keyOf(fromGrafana(grant))));
  const changes = [...leaving.map((grant) => ({ ...grant, permission: "" })), ...permissions.map(toGrafana)];
  written(await api.send<object>("POST", path, { permissions: changes }), `permissions of folder ${uid}`);
}

function toGrafana({ role, teamId, permission }: Properties): object {
  return { ...(role === undefined ? { teamId: Number(plainId(teamId)) } : { builtInRole: role }), permission };
}

function fromGrafana({ builtInRole, teamId, permission }: Grant): Properties {
  return present({ role: builtInRole, teamId: teamId ? String(teamId) : undefined, permission });
}

/** Key that tells one permission from another; a team may be named by its id, `<organisation>:<id>`. */
function keyOf({ role, teamId, permission }: Properties): string {
  return [role ?? "", plainId(teamId), permission].join("|");
}

function plainId(id: unknown): string {
  return typeof id === "string" ? id.replace(/^\d+:/, "") : "";
}
