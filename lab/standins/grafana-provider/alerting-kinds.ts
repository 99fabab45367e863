import { problemOf, requests, type ResourceKind, unknownNames } from "./resource-kind";
import { isObject, jsonObject, objects, pick, present, type Properties } from "./values";

const provisioning = "/api/v1/provisioning";

/** `grafana:alerting/muteTiming:MuteTiming` */
export const muteTiming: ResourceKind = {
  inputs: ["name", "intervals"],
  replaces: (property) => property === "name",
  ...requests({
    path: (name) => `${provisioning}/mute-timings/${encodeURIComponent(name)}`,
    collection: `${provisioning}/mute-timings`,
    uidOf: (_inputs, answer) => answer["name"],
    toGrafana: ({ name, intervals }) => ({
      name,
      time_intervals: objects(intervals).map(({ times, ...rest }) => ({
        ...rest,
        times: objects(times).map(({ start, end }) => ({ start_time: start, end_time: end })),
      })),
    }),
    fromGrafana: (stored, name) => ({
      name,
      intervals: objects(stored["time_intervals"]).map(({ times, ...rest }) => ({
        ...rest,
        times: objects(times).map((time) => ({ start: time["start_time"], end: time["end_time"] })),
      })),
    }),
  }),
};

/** Properties of a policy, or of a rule's own settings, and Grafana's names for them. */
const policyNames = Object.entries({
  contactPoint: "receiver",
  groupBies: "group_by",
  groupWait: "group_wait",
  groupInterval: "group_interval",
  repeatInterval: "repeat_interval",
  muteTimings: "mute_time_intervals",
});

function settingsToGrafana(settings: Properties): Properties {
  return present(Object.fromEntries(policyNames.map(([name, theirs]) => [theirs, settings[name]])));
}

function settingsFromGrafana(settings: Properties): Properties {
  return present(Object.fromEntries(policyNames.map(([name, theirs]) => [name, settings[theirs]])));
}

/** `grafana:alerting/notificationPolicy:NotificationPolicy`: the only one of an organisation. */
export const notificationPolicy: ResourceKind = {
  inputs: ["contactPoint", "groupBies", "groupWait", "groupInterval", "repeatInterval", "policies"],
  defaults: { policies: [] },
  ...requests({
    path: () => `${provisioning}/policies`,
    uidOf: () => "policy",
    toGrafana: policyToGrafana,
    fromGrafana: policyFromGrafana,
  }),
};

function policyToGrafana(policy: Properties): Properties {
  const matchers = objects(policy["matchers"]).map(({ label, match, value }) => [label, match, value]);
  const routes = objects(policy["policies"]).map((route) => policyToGrafana(route));
  return present({ ...settingsToGrafana(policy), object_matchers: matchers, routes });
}

function policyFromGrafana(policy: Properties): Properties {
  const triples = Array.isArray(policy["object_matchers"]) ? (policy["object_matchers"] as unknown[][]) : [];
  const matchers = triples.map(([label, match, value]) => ({ label, match, value }));
  const policies = objects(policy["routes"]).map(policyFromGrafana);
  return present({ ...settingsFromGrafana(policy), matchers, policies });
}

/** Fields that a rule and Grafana call the same. */
const sharedNames = [
  ...["uid", "condition", "for", "noDataState", "execErrState", "labels", "annotations"],
  "missingSeriesEvalsToResolve",
];
const ruleNames = [...sharedNames, "name", "datas", "notificationSettings", "keepFiringFor"];
const dataNames = ["refId", "datasourceUid", "relativeTimeRange", "model", "queryType"];

/** `grafana:alerting/ruleGroup:RuleGroup`. Its uid here is `<folder>:<title>`, as in the real plugin's ids. */
export const ruleGroup: ResourceKind = {
  inputs: ["name", "folderUid", "intervalSeconds", "rules"],
  problems: ({ rules }) => problemOf("rules", objects(rules).flatMap(ruleProblems)),
  replaces: (property) => property === "name" || property === "folderUid",
  ...requests({
    path: (uid) => {
      const [folder, title] = folderAndTitle(uid);
      return `${provisioning}/folder/${folder}/rule-groups/${encodeURIComponent(title)}`;
    },
    uidOf: ({ folderUid, name }) => `${String(folderUid)}:${String(name)}`,
    toGrafana: ({ name, folderUid, intervalSeconds, rules }) => ({
      title: name,
      folderUid,
      interval: intervalSeconds,
      rules: objects(rules).map(ruleToGrafana),
    }),
    fromGrafana: ({ title, interval, rules }, uid) => ({
      name: title,
      folderUid: folderAndTitle(uid)[0],
      intervalSeconds: interval,
      rules: objects(rules).map(ruleFromGrafana),
    }),
  }),
};

function folderAndTitle(uid: string): [string, string] {
  const [folder = "", ...title] = uid.split(":");
  return [folder, title.join(":")];
}

/** Errors that the real plugin sees in a preview. The rest is Grafana's to refuse. */
function ruleProblems(rule: Properties): (string | undefined)[] {
  const title = String(rule["name"]);
  const ofData = (data: Properties) => [
    unknownNames(data, dataNames),
    isObject(data["relativeTimeRange"]) ? undefined : `${title}: a stage needs a relativeTimeRange`,
    jsonObject(data["model"]) ? undefined : `${title}: expected the text of a JSON object as model`,
  ];
  const durations = [rule["for"], rule["keepFiringFor"]]
    .filter((text) => typeof text === "string" && !/^(\d+(ms|[smhdw]))+$/.test(text))
    .map((text) => `${title}: ${JSON.stringify(text)} is not a duration`);
  return [unknownNames(rule, ruleNames), ...durations, ...objects(rule["datas"]).flatMap(ofData)];
}

function ruleToGrafana(rule: Properties): Properties {
  const { name, datas, notificationSettings } = rule;
  return {
    ...pick(rule, sharedNames),
    title: name,
    keep_firing_for: rule["keepFiringFor"],
    data: objects(datas).map((data) => ({ ...data, model: jsonObject(data["model"]) })),
    ...(isObject(notificationSettings) ? { notification_settings: settingsToGrafana(notificationSettings) } : {}),
  };
}

function ruleFromGrafana(rule: Properties): Properties {
  const { title, data, notification_settings: settings } = rule;
  return present({
    ...pick(rule, sharedNames),
    name: title,
    keepFiringFor: rule["keep_firing_for"],
    datas: objects(data).map((stage) => ({ ...stage, model: JSON.stringify(stage["model"]) })),
    notificationSettings: isObject(settings) ? settingsFromGrafana(settings) : undefined,
  });
}
