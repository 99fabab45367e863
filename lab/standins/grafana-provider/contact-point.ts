import { allBut, comparable, objects, present, unknownNames } from "./alerting-properties";
import { type GrafanaApi } from "./grafana-api";
import { type Properties, type ResourceKind, written } from "./resource-kind";

const path = "/api/v1/provisioning/contact-points";

/** One of a contact point's ways, as Grafana stores it. */
interface Integration {
  readonly uid: string;
  readonly name: string;
  readonly type: string;
  readonly settings: Properties;
}

/** The ways that this project uses: Grafana's type, and their properties, the secret and required ones apart. */
const ways: Readonly<Record<string, { type: string; properties: readonly string[]; secret: readonly string[] }>> = {
  emails: { type: "email", properties: ["addresses"], secret: [] },
  slacks: { type: "slack", properties: [], secret: ["url"] },
  teams: { type: "teams", properties: [], secret: ["url"] },
  webhooks: { type: "webhook", properties: [], secret: ["url"] },
  pagerduties: { type: "pagerduty", properties: ["severity"], secret: ["integrationKey"] },
  opsgenies: { type: "opsgenie", properties: ["url", "autoClose"], secret: ["apiKey"] },
};

/** `grafana:alerting/contactPoint:ContactPoint`: an object of Grafana's for each of its ways. */
export const contactPoint: ResourceKind = {
  get unsupported() {
    return allBut("grafana:alerting/contactPoint:ContactPoint", ["name", ...Object.keys(ways)]);
  },
  defaults: {},
  computed: [],
  problems,
  canonical: (_property, value) => comparable(value),
  ignores: () => false,
  replaces: (property) => property === "name",
  uniqueName: undefined,
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
    for (const { uid } of await stored(api, name)) {
      await api.send("DELETE", contactPoint.path(uid));
    }
  },
  path: (uid) => `${path}/${uid}`,
};

function problems(inputs: Properties): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [property, { properties, secret }] of Object.entries(ways)) {
    for (const way of objects(inputs[property])) {
      const missing = [...secret, ...properties.filter((name) => name === "addresses")].filter((n) => !(n in way));
      const reason = unknownNames(way, [...properties, ...secret]);
      if (reason !== undefined || missing.length > 0) {
        found[property] = reason ?? `missing: ${missing.join(", ")}`;
      }
    }
  }
  return { ...("name" in inputs ? {} : { name: "missing (the real plugin would invent one)" }), ...found };
}

async function stored(api: GrafanaApi, name: string): Promise<Integration[]> {
  const all = await api.send<Integration[]>("GET", path);
  return (all ?? []).filter((integration) => integration.name === name);
}

/** Changes what is there, way by way, adds what is missing and deletes what is left over. */
async function save(api: GrafanaApi, inputs: Properties, before: readonly Integration[]): Promise<void> {
  const left = [...before];
  for (const [property, { type }] of Object.entries(ways)) {
    for (const way of objects(inputs[property])) {
      const index = left.findIndex((integration) => integration.type === type);
      const [old] = index < 0 ? [] : left.splice(index, 1);
      const body = { uid: old?.uid, name: inputs["name"], type, settings: settings(type, way) };
      const sent = old === undefined ? api.send("POST", path, body) : api.send("PUT", contactPoint.path(old.uid), body);
      written(await sent, `contact point ${String(inputs["name"])}`);
    }
  }
  for (const { uid } of left) {
    await api.send("DELETE", contactPoint.path(uid));
  }
}

function settings(type: string, way: Properties): Properties {
  const { addresses, url, ...shared } = way;
  // Grafana has a name of its own for the URL of this one.
  const named = type === "opsgenie" ? { apiUrl: url } : { url };
  return present({ ...shared, ...named, addresses: Array.isArray(addresses) ? addresses.join(";") : undefined });
}

/** Grafana does not tell secrets, so those known stay: a change by hand is not noticed, as with the real plugin. */
function byWay(found: readonly Integration[], known: Properties): Properties {
  const lists = Object.entries(ways).map(([property, { type, secret }]) => {
    const before = objects(known[property]);
    const list = found
      .filter((integration) => integration.type === type)
      .map((integration, index) => {
        const { addresses, apiUrl, ...shown } = integration.settings;
        const secrets = Object.fromEntries(secret.map((name) => [name, before[index]?.[name] ?? ""]));
        const url = apiUrl === undefined ? {} : { url: apiUrl };
        const split = typeof addresses === "string" ? { addresses: addresses.split(";") } : {};
        return { ...shown, ...url, ...secrets, ...split };
      });
    return [property, list] as const;
  });
  return present(Object.fromEntries(lists));
}
