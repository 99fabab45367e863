import { type GrafanaApi } from "./grafana-api";
import { invalidJson, requests, type ResourceKind } from "./resource-kind";
import { canonicalJson, comparable, jsonObject, objects, pick, type Properties } from "./values";

const collection = "/api/dashboards/db";

/** `grafana:oss/dashboard:Dashboard` */
export const dashboard: ResourceKind = {
  inputs: ["configJson", "folder", "message", "overwrite"],
  defaults: { folder: "", message: "", overwrite: false },
  computed: ["dashboardId", "uid", "url", "version"],
  problems: (inputs) => invalidJson(inputs, "configJson"),
  canonical: (property, value) => {
    if (property === "configJson") {
      return canonicalJson(value, withoutGenerated);
    }
    return property === "folder" ? folderUid(value) : comparable(value);
  },
  replaces: (property, before, after) => property === "configJson" && uidIn(before) !== uidIn(after),
  ...requests({
    path: (uid) => `/api/dashboards/uid/${uid}`,
    collection,
    uidOf: (_inputs, answer) => answer["uid"],
    toGrafana: (inputs) => requestBody(inputs, undefined),
    fromGrafana,
  }),
  // A dashboard is changed where it is created.
  update: async (api, _uid, inputs, state) => {
    await api.save("POST", collection, requestBody({ ...inputs, overwrite: true }, state["dashboardId"]));
  },
};

function requestBody({ configJson, folder, overwrite, message }: Properties, id: unknown): object {
  return { dashboard: { ...jsonObject(configJson), id }, folderUid: folderUid(folder), overwrite, message };
}

function fromGrafana(stored: Properties, uid: string, known: Properties, api: GrafanaApi): Properties {
  const { meta, dashboard: model } = stored as { readonly meta: Properties; readonly dashboard: Properties };
  // A uid that the program left to Grafana is no part of its input.
  const grafanaChoseUid = known["configJson"] !== undefined && uidIn(known["configJson"]) === undefined;
  const content = grafanaChoseUid ? { ...model, uid: undefined } : model;
  return {
    uid,
    dashboardId: model["id"],
    version: model["version"],
    url: api.urlOf(String(meta["url"])),
    folder: meta["folderUid"],
    configJson: canonicalJson(JSON.stringify(content), withoutGenerated),
    ...pick(known, ["message", "overwrite"]),
  };
}

function withoutGenerated(model: Record<string, unknown>): void {
  delete model["id"];
  delete model["version"];
  for (const panel of objects(model["panels"]) as Record<string, unknown>[]) {
    delete panel["id"];
  }
}

function uidIn(text: unknown): unknown {
  return jsonObject(text)?.["uid"];
}

/** A folder may be named by its id, `<organisation>:<uid>`. */
function folderUid(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/^\d+:/, "") : value;
}
