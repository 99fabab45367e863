import { type GrafanaApi } from "./grafana-api";
import { canonicalJson, isObject, jsonObject } from "./json-text";
import { invalidJson, pick, type Properties, type ResourceKind, written } from "./resource-kind";

interface StoredDashboard {
  readonly meta: { readonly folderUid: string; readonly url: string };
  readonly dashboard: Properties;
}

/** `grafana:oss/dashboard:Dashboard` */
export const dashboard: ResourceKind = {
  unsupported: ["orgId"],
  defaults: { folder: "", message: "", overwrite: false },
  computed: ["dashboardId", "uid", "url", "version"],
  problems: (inputs) => invalidJson(inputs, "configJson"),
  canonical: (property, value) => {
    if (property === "configJson") {
      return canonicalJson(value, withoutGenerated);
    }
    return property === "folder" ? folderUid(value) : value;
  },
  ignores: () => false,
  replaces: (property, before, after) => property === "configJson" && uidIn(before) !== uidIn(after),
  uniqueName: undefined,
  create: async (api, inputs) => save(api, inputs, modelOf(inputs)),
  read: async (api, uid, known) => {
    const found = await api.send<StoredDashboard>("GET", dashboard.path(uid));
    return (
      found && {
        uid,
        dashboardId: found.dashboard["id"],
        version: found.dashboard["version"],
        url: api.urlOf(found.meta.url),
        folder: found.meta.folderUid,
        configJson: configJson(found.dashboard, known["configJson"]),
        ...pick(known, ["message", "overwrite"]),
      }
    );
  },
  update: async (api, _uid, inputs, state) => {
    await save(api, { ...inputs, overwrite: true }, { ...modelOf(inputs), id: state["dashboardId"] });
  },
  path: (uid) => `/api/dashboards/uid/${uid}`,
};

async function save(api: GrafanaApi, inputs: Properties, model: Properties): Promise<string> {
  const { overwrite, message } = inputs;
  const body = { dashboard: model, folderUid: folderUid(inputs["folder"]), overwrite, message };
  return written(await api.send<{ uid: string }>("POST", "/api/dashboards/db", body), "a dashboard").uid;
}

function modelOf(inputs: Properties): Properties {
  return { ...jsonObject(inputs["configJson"]), id: undefined };
}

/** A stored model as input: a uid that the program left to Grafana is no part of it. */
function configJson(stored: Properties, known: unknown): unknown {
  const grafanaChoseUid = known !== undefined && uidIn(known) === undefined;
  const model = grafanaChoseUid ? { ...stored, uid: undefined } : stored;
  return canonicalJson(JSON.stringify(model), withoutGenerated);
}

function withoutGenerated(model: Record<string, unknown>): void {
  delete model["id"];
  delete model["version"];
  for (const panel of Array.isArray(model["panels"]) ? model["panels"].filter(isObject) : []) {
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
