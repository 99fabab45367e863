import { comparable, objects, present } from "./alerting-properties";
import { type GrafanaApi } from "./grafana-api";
import { type Properties, type ResourceKind, written } from "./resource-kind";

const path = "/api/v1/provisioning/policies";

/** The policy's properties and Grafana's names for them. */
const names = {
  contactPoint: "receiver",
  groupBies: "group_by",
  groupWait: "group_wait",
  groupInterval: "group_interval",
  repeatInterval: "repeat_interval",
  muteTimings: "mute_time_intervals",
} as const;

/** `grafana:alerting/notificationPolicy:NotificationPolicy`: the only one of an organisation. */
export const notificationPolicy: ResourceKind = {
  unsupported: ["orgId", "disableProvenance"],
  defaults: { policies: [] },
  computed: [],
  problems: (): Record<string, string> => ({}),
  canonical: (_property, value) => comparable(value),
  ignores: () => false,
  replaces: () => false,
  uniqueName: undefined,
  create: async (api, inputs) => {
    await save(api, inputs);
    return "policy";
  },
  read: async (api) => {
    const found = await api.send<Properties>("GET", path);
    return found && fromGrafana(found);
  },
  update: async (api, _uid, inputs) => save(api, inputs),
  path: () => path,
};

/** A rule's own settings, with Grafana's names. */
export function settingsToGrafana(settings: Properties): Properties {
  return present(Object.fromEntries(Object.entries(names).map(([name, theirs]) => [theirs, settings[name]])));
}

/** The same back. */
export function settingsFromGrafana(settings: Properties): Properties {
  return present(Object.fromEntries(Object.entries(names).map(([name, theirs]) => [name, settings[theirs]])));
}

async function save(api: GrafanaApi, inputs: Properties): Promise<void> {
  written(await api.send<object>("PUT", path, toGrafana(inputs)), "the notification policy");
}

function toGrafana(policy: Properties): Properties {
  const matchers = objects(policy["matchers"]).map(({ label, match, value }) => [label, match, value]);
  const routes = objects(policy["policies"]).map(toGrafana);
  return present({ ...settingsToGrafana(policy), object_matchers: matchers, routes });
}

function fromGrafana(policy: Properties): Properties {
  const triples = Array.isArray(policy["object_matchers"]) ? (policy["object_matchers"] as unknown[][]) : [];
  const matchers = triples.map(([label, match, value]) => ({ label, match, value }));
  return present({
    ...settingsFromGrafana(policy),
    matchers,
    policies: objects(policy["routes"]).map(fromGrafana),
  });
}
