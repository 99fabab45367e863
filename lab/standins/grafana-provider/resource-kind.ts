import { type GrafanaApi } from "./grafana-api";
import { jsonObject, type Properties } from "./values";

/** Reasons for which inputs cannot work, by property. */
export type Problems = Readonly<Record<string, string>>;

/** One resource type in Grafana's API. A `uid` is the part of a resource's id after the organisation. */
export interface ResourceKind {
  /** Inputs that the stand-in knows: those that this project uses. */
  readonly inputs: readonly string[];
  /** Values that Grafana assumes for inputs that are left out. One that is not here is Grafana's to choose. */
  readonly defaults?: Properties;
  /** Outputs that only Grafana knows. */
  readonly computed?: readonly string[];
  readonly problems?: (inputs: Properties) => Problems;
  /** Form in which values of a property are equal if Grafana takes them for the same. Default: as `comparable` does. */
  readonly canonical?: (property: string, value: unknown) => unknown;
  /** True if a change of a property cannot be made and is therefore passed over. */
  readonly ignores?: (property: string, before: unknown, after: unknown) => boolean;
  /** True if a change of a property needs a new object. */
  readonly replaces?: (property: string, before: unknown, after: unknown) => boolean;
  /** A property that two objects cannot share, so that the old one must go first unless it changes too. */
  readonly uniqueName?: string;
  /** The object's path in the API: what DELETE removes. */
  readonly path: (uid: string) => string;
  /** Gives the new object's uid. */
  readonly create: (api: GrafanaApi, inputs: Properties) => Promise<string>;
  /** The outputs, or undefined if the object is gone. `known` holds the inputs or the state so far. */
  readonly read: (api: GrafanaApi, uid: string, known: Properties) => Promise<Properties | undefined>;
  readonly update: (api: GrafanaApi, uid: string, inputs: Properties, state: Properties) => Promise<void>;
  /** Deletes what is more than one object. Default: DELETE of {@link path}. */
  readonly remove?: (api: GrafanaApi, uid: string) => Promise<void>;
}

/** Mapping of a type whose resources are each one object of Grafana's. */
interface Mapping {
  readonly path: (uid: string) => string;
  /** Path to which a new object is posted. Default: a new one is put at its own path. */
  readonly collection?: string;
  /** Uid of a new object. */
  readonly uidOf: (inputs: Properties, answer: Properties) => unknown;
  /** Body of a request that creates an object or, with a uid, changes it. */
  readonly toGrafana: (inputs: Properties, uid?: string) => object;
  readonly fromGrafana: (stored: Properties, uid: string, known: Properties, api: GrafanaApi) => Properties;
}

/** The requests of a type whose resources are each one object of Grafana's. */
export function requests({ path, collection, uidOf, toGrafana, fromGrafana }: Mapping) {
  const put = async (api: GrafanaApi, uid: string, body: object): Promise<void> => {
    await api.save("PUT", path(uid), body);
  };
  return {
    path,
    create: async (api, inputs) => {
      if (collection === undefined) {
        const uid = String(uidOf(inputs, {}));
        await put(api, uid, toGrafana(inputs));
        return uid;
      }
      return String(uidOf(inputs, await api.save("POST", collection, toGrafana(inputs))));
    },
    read: async (api, uid, known) => {
      const stored = await api.send<Properties>("GET", path(uid));
      return stored && fromGrafana(stored, uid, known, api);
    },
    update: (api, uid, inputs) => put(api, uid, toGrafana(inputs, uid)),
  } satisfies Partial<ResourceKind>;
}

/** The problem of a property whose parts have these reasons, undefined for a part that is right. */
export function problemOf(property: string, reasons: readonly (string | undefined)[]): Problems {
  const found = reasons.filter((reason) => reason !== undefined);
  return found.length === 0 ? {} : { [property]: found.join("; ") };
}

/** The problem of a property that is there and holds no JSON object. */
export function invalidJson(inputs: Properties, property: string): Problems {
  const value = inputs[property];
  const valid = value === undefined || jsonObject(value) !== undefined;
  return valid ? {} : { [property]: "expected the text of a JSON object" };
}

/** Names that an object has and that are not known, for a problem's reason; undefined if there are none. */
export function unknownNames(value: Properties, known: readonly string[]): string | undefined {
  const names = Object.keys(value).filter((name) => !known.includes(name));
  return names.length === 0 ? undefined : `the stand-in for pulumi-resource-grafana does not know ${names.join(", ")}`;
}
