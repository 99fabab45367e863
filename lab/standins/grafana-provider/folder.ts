import { type ResourceKind, written } from "./resource-kind";

interface StoredFolder {
  readonly uid: string;
  readonly title: string;
  readonly url: string;
}

/** `grafana:oss/folder:Folder` */
export const folder: ResourceKind = {
  unsupported: ["orgId", "parentFolderUid", "preventDestroyIfNotEmpty"],
  defaults: {},
  computed: ["url"],
  problems: ({ uid }): Record<string, string> =>
    typeof uid === "string" && !/^[\w-]+$/.test(uid)
      ? { uid: "folder UIDs can only be alphanumeric, dashes, or underscores" }
      : {},
  canonical: (_property, value) => value,
  ignores: () => false,
  replaces: (property) => property === "uid",
  uniqueName: undefined,
  create: async (api, inputs) => {
    return written(await api.send<StoredFolder>("POST", "/api/folders", inputs), "a folder").uid;
  },
  read: async (api, uid) => {
    const found = await api.send<StoredFolder>("GET", folder.path(uid));
    return found && { uid, title: found.title, url: api.urlOf(found.url) };
  },
  update: async (api, uid, inputs) => {
    written(
      await api.send<object>("PUT", folder.path(uid), { title: inputs["title"], overwrite: true }),
      `folder ${uid}`,
    );
  },
  path: (uid) => `/api/folders/${uid}`,
};
