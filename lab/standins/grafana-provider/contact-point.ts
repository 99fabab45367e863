import { type GrafanaApi } from "./grafana-api";
import { problemOf, type ResourceKind, unknownNames } from "./resource-kind";
import { objects, present, type Properties } from "./values";

const collection = "/api/v1/provisioning/contact-points";
const path = (uid: string): string => `${collection}/${uid}`;

/** One of a contact point's ways, as Grafana stores it. */
interface Integration {
  readonly uid: string;
  readonly name: string;
  readonly type: string;
  readonly settings: Properties;
}

/** A way that this project uses: Grafana's type, the setting without which it cannot work, and others. */
interface Way {
  readonly property: string;
  readonly type: string;
  readonly required: string;
  readonly isSecret: boolean;
  readonly optional: readonly string[];
}

const ways: readonly Way[] = [
  { property: "emails", type: "email", required: "addresses", isSecret: false, optional: [] },
  { property: "slacks", type: "slack", required: "url", isSecret: true, optional: [] },
  { property: "teams", type: "teams", required: "url", isSecret: true, optional: [] },
  { property: "webhooks", type: "webhook", required: "url", isSecret: true, optional: [] },
  { property: "pagerduties", type: "pagerduty", required: "integrationKey", isSecret: true, optional: ["severity"] },
  { property: "opsgenies", type: "opsgenie", required: "apiKey", isSecret: true, optional: ["url", "autoClose"] },
];

/** `grafana:alerting/contactPoint:ContactPoint`: an object of Grafana's for each of its ways. */
export const contactPoint: ResourceKind = {
  inputs: ["name", ...ways.map(({ property }) => property)],
  problems: (inputs) => {
    const found = ways.map((way) => problemOf(way.property, objects(inputs[way.property]).map(problemIn(way))));
    return Object.fromEntries(found.flatMap(Object.entries<string>));
  },
  replaces: (property) => property === "name",
  path,
  create: async (api, inputs) => {
    await save(api, inputs, []);
    return String(inputs["name"]);
  },
  read: async (api, name, known) => {
    const found = await stored(api, name);
    return found.length === 0 ? undefined : { name, ...byWay(found, known) };
  },
  update: async (api, name, inputs) => {
    await save(api, inputs, await stored(api, name));
  },
  remove: async (api, name) => {
    await removeAll(api, await stored(api, name));
  },
};

function problemIn({ required, optional }: Way): (settings: Properties) => string | undefined {
  return (settings) => {
    const missing = required in settings ? undefined : `missing: ${required}`;
    return unknownNames(settings, [required, ...optional]) ?? missing;
  };
}

async function stored(api: GrafanaApi, name: string): Promise<Integration[]> {
  const all = await api.send<Integration[]>("GET", collection);
  return (all ?? []).filter((integration) => integration.name === name);
}

async function removeAll(api: GrafanaApi, integrations: readonly Integration[]): Promise<void> {
  for (const { uid } of integrations) {
    await api.send("DELETE", path(uid));
  }
}

/** Changes what is there, way by way, adds what is missing and deletes what is left over. */
async function save(api: GrafanaApi, inputs: Properties, before: readonly Integration[]): Promise<void> {
  const left = [...before];
  for (const { property, type } of ways) {
    for (const way of objects(inputs[property])) {
      const index = left.findIndex((integration) => integration.type === type);
      const [old] = index < 0 ? [] : left.splice(index, 1);
      const body = { uid: old?.uid, name: inputs["name"], type, settings: settingsOf(type, way) };
      await (old === undefined ? api.save("POST", collection, body) : api.save("PUT", path(old.uid), body));
    }
  }
  await removeAll(api, left);
}

function settingsOf(type: string, { addresses, url, ...others }: Properties): Properties {
  // Grafana has a name of its own for the URL of this one.
  const named = type === "opsgenie" ? { apiUrl: url } : { url };
  return present({ ...others, ...named, addresses: Array.isArray(addresses) ? addresses.join(";") : undefined });
}

/** Grafana does not tell secrets, so those known stay: a change by hand is not noticed, as with the real plugin. */
function byWay(found: readonly Integration[], known: Properties): Properties {
  const lists = ways.map(({ property, type, required, isSecret }) => {
    const before = objects(known[property]);
    const ofType = found.filter((integration) => integration.type === type);
    const list = ofType.map(({ settings: { addresses, apiUrl, ...shown } }, index) => ({
      ...shown,
      ...(apiUrl === undefined ? {} : { url: apiUrl }),
      ...(isSecret ? { [required]: before[index]?.[required] ?? "" } : {}),
      ...(typeof addresses === "string" ? { addresses: addresses.split(";") } : {}),
    }));
    return [property, list] as const;
  });
  return present(Object.fromEntries(lists));
}
