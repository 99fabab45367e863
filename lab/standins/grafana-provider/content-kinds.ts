import { invalidJson, type Problems, requests, type ResourceKind } from "./resource-kind";
import { canonicalJson, jsonObject, pick, type Properties } from "./values";

/** `grafana:oss/folder:Folder` */
export const folder: ResourceKind = {
  inputs: ["uid", "title"],
  computed: ["url"],
  problems: ({ uid }): Problems =>
    typeof uid === "string" && !/^[\w-]+$/.test(uid)
      ? { uid: "folder UIDs can only be alphanumeric, dashes, or underscores" }
      : {},
  replaces: (property) => property === "uid",
  ...requests({
    path: (uid) => `/api/folders/${uid}`,
    collection: "/api/folders",
    uidOf: (_inputs, answer) => answer["uid"],
    toGrafana: (inputs, uid) => (uid === undefined ? inputs : { title: inputs["title"], overwrite: true }),
    fromGrafana: ({ title, url }, uid, _known, api) => ({ uid, title, url: api.urlOf(String(url)) }),
  }),
};

/** `grafana:oss/team:Team`, without its members: those stay Grafana's. */
export const team: ResourceKind = {
  inputs: ["name"],
  computed: ["teamId", "teamUid"],
  ...requests({
    path: (id) => `/api/teams/${id}`,
    collection: "/api/teams",
    uidOf: (_inputs, answer) => answer["teamId"],
    toGrafana: (inputs) => pick(inputs, ["name"]),
    fromGrafana: ({ name, id, uid }) => ({ name, teamId: id, teamUid: uid }),
  }),
};

/** A data source's inputs that are no JSON, and Grafana's names for them. */
const dataSourceNames = {
  uid: "uid",
  name: "name",
  type: "type",
  accessMode: "access",
  basicAuthEnabled: "basicAuth",
  basicAuthUsername: "basicAuthUser",
  databaseName: "database",
  isDefault: "isDefault",
  url: "url",
  username: "user",
} as const;

const dataSourceDefaults: Properties = {
  accessMode: "proxy",
  basicAuthEnabled: false,
  basicAuthUsername: "",
  databaseName: "",
  isDefault: false,
  jsonDataEncoded: "{}",
  secureJsonDataEncoded: "{}",
  url: "",
  username: "",
};

/** `grafana:oss/dataSource:DataSource` */
export const dataSource: ResourceKind = {
  inputs: [...Object.keys(dataSourceNames), "jsonDataEncoded", "secureJsonDataEncoded"],
  defaults: dataSourceDefaults,
  problems: (inputs) => ({
    ...invalidJson(inputs, "jsonDataEncoded"),
    ...invalidJson(inputs, "secureJsonDataEncoded"),
  }),
  // A default is only unset by making another data source the default.
  ignores: (property, before, after) => property === "isDefault" && before === true && after === false,
  replaces: (property) => property === "uid",
  uniqueName: "name",
  ...requests({
    path: (uid) => `/api/datasources/uid/${uid}`,
    collection: "/api/datasources",
    uidOf: (_inputs, answer) => (answer["datasource"] as Properties)["uid"],
    toGrafana: (inputs, uid) => {
      const all: Properties = { ...dataSourceDefaults, ...inputs };
      return {
        ...Object.fromEntries(Object.entries(dataSourceNames).map(([name, theirs]) => [theirs, all[name]])),
        jsonData: jsonObject(all["jsonDataEncoded"]),
        secureJsonData: jsonObject(all["secureJsonDataEncoded"]),
        ...(uid === undefined ? {} : { uid }),
      };
    },
    fromGrafana: (stored, uid, known) => ({
      ...Object.fromEntries(Object.entries(dataSourceNames).map(([name, theirs]) => [name, stored[theirs]])),
      uid,
      jsonDataEncoded: canonicalJson(JSON.stringify(stored["jsonData"])),
      // Grafana does not tell secrets.
      ...pick(known, ["secureJsonDataEncoded"]),
    }),
  }),
};
