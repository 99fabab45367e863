import { canonicalJson, jsonObject } from "./json-text";
import { invalidJson, pick, type Properties, type ResourceKind, written } from "./resource-kind";

const path = "/api/datasources";
const jsonProperties = ["jsonDataEncoded", "secureJsonDataEncoded"];

const defaults = {
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
  unsupported: ["orgId", "httpHeaders", "privateDataSourceConnectNetworkId"],
  defaults,
  computed: [],
  problems: (inputs) => ({
    ...("name" in inputs ? {} : { name: "missing (the real plugin would invent one with a random suffix)" }),
    ...invalidJson(inputs, "jsonDataEncoded"),
    ...invalidJson(inputs, "secureJsonDataEncoded"),
  }),
  canonical: (property, value) => (jsonProperties.includes(property) ? canonicalJson(value) : value),
  // A default is only unset by making another data source the default.
  ignores: (property, before, after) => property === "isDefault" && before === true && after === false,
  replaces: (property) => property === "uid",
  uniqueName: "name",
  create: async (api, inputs) => {
    const answer = await api.send<{ datasource: { uid: string } }>("POST", path, requestBody(inputs));
    return written(answer, "a data source").datasource.uid;
  },
  read: async (api, uid, known) => {
    const found = await api.send<Properties>("GET", dataSource.path(uid));
    return (
      found && {
        uid,
        name: found["name"],
        type: found["type"],
        accessMode: found["access"],
        basicAuthEnabled: found["basicAuth"],
        basicAuthUsername: found["basicAuthUser"],
        databaseName: found["database"],
        isDefault: found["isDefault"],
        jsonDataEncoded: canonicalJson(JSON.stringify(found["jsonData"])),
        url: found["url"],
        username: found["user"],
        ...pick(known, ["secureJsonDataEncoded"]),
      }
    );
  },
  update: async (api, uid, inputs) => {
    written(await api.send<object>("PUT", dataSource.path(uid), { ...requestBody(inputs), uid }), `data source ${uid}`);
  },
  path: (uid) => `${path}/uid/${uid}`,
};

function requestBody(inputs: Properties): object {
  const all: Properties = { ...defaults, ...inputs };
  return {
    uid: all["uid"],
    name: all["name"],
    type: all["type"],
    access: all["accessMode"],
    basicAuth: all["basicAuthEnabled"],
    basicAuthUser: all["basicAuthUsername"],
    database: all["databaseName"],
    isDefault: all["isDefault"],
    jsonData: jsonObject(all["jsonDataEncoded"]),
    secureJsonData: jsonObject(all["secureJsonDataEncoded"]),
    url: all["url"],
    user: all["username"],
  };
}
