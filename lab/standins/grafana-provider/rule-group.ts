import { comparable, objects, present, unknownNames } from "./alerting-properties";
import { type GrafanaApi } from "./grafana-api";
import { isObject, jsonObject } from "./json-text";
import { settingsFromGrafana, settingsToGrafana } from "./notification-policy";
import { type Properties, type ResourceKind, written } from "./resource-kind";

interface StoredGroup {
  readonly title: string;
  readonly interval: number;
  readonly rules: readonly Properties[];
}

/** Fields that a rule and Grafana call the same. */
const shared = [
  ...["uid", "condition", "for", "noDataState", "execErrState", "labels", "annotations"],
  "missingSeriesEvalsToResolve",
];
const ruleNames = [...shared, "name", "datas", "notificationSettings", "keepFiringFor"];
const dataNames = ["refId", "datasourceUid", "relativeTimeRange", "model", "queryType"];

/** `grafana:alerting/ruleGroup:RuleGroup`. Its uid here is `<folder>:<title>`, as in the real plugin's ids. */
export const ruleGroup: ResourceKind = {
  unsupported: ["orgId", "disableProvenance"],
  defaults: {},
  computed: [],
  problems,
  canonical: (_property, value) => comparable(value),
  ignores: () => false,
  replaces: (property) => property === "name" || property === "folderUid",
  uniqueName: undefined,
  create: async (api, inputs) => {
    await save(api, inputs);
    return `${String(inputs["folderUid"])}:${String(inputs["name"])}`;
  },
  read: async (api, uid) => {
    const found = await api.send<StoredGroup>("GET", ruleGroup.path(uid));
    const folderUid = uid.slice(0, uid.indexOf(":"));
    const rules = found?.rules.map(fromGrafana);
    return found && { name: found.title, folderUid, intervalSeconds: found.interval, rules };
  },
  update: async (api, _uid, inputs) => save(api, inputs),
  path: (uid) => {
    const [folder = "", ...title] = uid.split(":");
    return `/api/v1/provisioning/folder/${folder}/rule-groups/${encodeURIComponent(title.join(":"))}`;
  },
};

/** Errors that the real plugin sees in a preview. The rest is Grafana's to refuse. */
function problems(inputs: Properties): Readonly<Record<string, string>> {
  const reasons = objects(inputs["rules"]).flatMap((rule) => [
    unknownNames(rule, ruleNames),
    ...[rule["for"], rule["keepFiringFor"]]
      .filter((text) => typeof text === "string" && !/^(\d+(ms|[smhdw]))+$/.test(text))
      .map((text) => `${String(rule["name"])}: ${JSON.stringify(text)} is not a duration`),
    ...objects(rule["datas"]).flatMap((data) => [
      unknownNames(data, dataNames),
      isObject(data["relativeTimeRange"]) ? undefined : `${String(rule["name"])}: a stage needs a relativeTimeRange`,
      jsonObject(data["model"]) === undefined
        ? `${String(rule["name"])}: expected the text of a JSON object as model`
        : undefined,
    ]),
  ]);
  const rules = reasons.filter((reason) => reason !== undefined);
  return {
    ...("name" in inputs ? {} : { name: "missing (the real plugin would invent one)" }),
    ...(rules.length === 0 ? {} : { rules: rules.join("; ") }),
  };
}

async function save(api: GrafanaApi, inputs: Properties): Promise<void> {
  const { name, folderUid, intervalSeconds, rules } = inputs;
  const path = ruleGroup.path(`${String(folderUid)}:${String(name)}`);
  const body = { title: name, folderUid, interval: intervalSeconds, rules: objects(rules).map(toGrafana) };
  written(await api.send<object>("PUT", path, body), `rule group ${String(name)}`);
}

function toGrafana(rule: Properties): Properties {
  const { notificationSettings } = rule;
  return {
    ...Object.fromEntries(shared.map((name) => [name, rule[name]])),
    title: rule["name"],
    keep_firing_for: rule["keepFiringFor"],
    data: objects(rule["datas"]).map((data) => ({ ...data, model: jsonObject(data["model"]) })),
    ...(isObject(notificationSettings) ? { notification_settings: settingsToGrafana(notificationSettings) } : {}),
  };
}

function fromGrafana(rule: Properties): Properties {
  const settings = rule["notification_settings"];
  return present({
    ...Object.fromEntries(shared.map((name) => [name, rule[name]])),
    name: rule["title"],
    keepFiringFor: rule["keep_firing_for"],
    datas: objects(rule["data"]).map((data) => ({ ...data, model: JSON.stringify(data["model"]) })),
    notificationSettings: isObject(settings) ? settingsFromGrafana(settings) : undefined,
  });
}
