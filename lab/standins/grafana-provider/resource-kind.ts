import { type GrafanaApi } from "./grafana-api";
import { jsonObject } from "./json-text";

/** Inputs, outputs or settings by name. */
export type Properties = Readonly<Record<string, unknown>>;

/** Mapping of one resource type to Grafana's API. A `uid` is the part of a resource's id after the organisation. */
export interface ResourceKind {
  /** Inputs of the real plugin that this project does not use and the stand-in does not know. */
  readonly unsupported: readonly string[];
  /** Values that Grafana assumes for inputs that are left out. One that is not here is Grafana's to choose. */
  readonly defaults: Properties;
  /** Outputs that only Grafana knows. */
  readonly computed: readonly string[];
  /** Reasons for which inputs cannot work, by property. */
  readonly problems: (inputs: Properties) => Readonly<Record<string, string>>;
  /** A form in which two values of a property are equal if Grafana takes them for the same. */
  readonly canonical: (property: string, value: unknown) => unknown;
  /** True if a change of a property cannot be made and is therefore passed over. */
  readonly ignores: (property: string, before: unknown, after: unknown) => boolean;
  /** True if a change of a property needs a new object. */
  readonly replaces: (property: string, before: unknown, after: unknown) => boolean;
  /** A property that two objects cannot share, so that the old one must go first unless it changes too. */
  readonly uniqueName: string | undefined;
  /** Gives the new object's uid. */
  readonly create: (api: GrafanaApi, inputs: Properties) => Promise<string>;
  /** The outputs, or undefined if the object is gone. `known` holds the inputs or the state so far. */
  readonly read: (api: GrafanaApi, uid: string, known: Properties) => Promise<Properties | undefined>;
  readonly update: (api: GrafanaApi, uid: string, inputs: Properties, state: Properties) => Promise<void>;
  /** Deletes what is more than one object. Default: DELETE of {@link path}. */
  readonly remove?: (api: GrafanaApi, uid: string) => Promise<void>;
  /** The object's path in the API: what DELETE removes. */
  readonly path: (uid: string) => string;
}

/** The problem of a property that is there and holds no JSON object. */
export function invalidJson(inputs: Properties, property: string): Readonly<Record<string, string>> {
  const value = inputs[property];
  const valid = value === undefined || (typeof value === "string" && jsonObject(value) !== undefined);
  return valid ? {} : { [property]: "expected the text of a JSON object" };
}

/** The answer to a write. @throws Error if there was none, because Grafana answered 404 */
export function written<Body>(answer: Body | undefined, what: string): Body {
  if (answer === undefined) {
    throw new Error(`Grafana answered 404 when asked to save ${what}`);
  }
  return answer;
}

/** Properties out of `all` that are there, for what Grafana does not tell. */
export function pick(all: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(names.filter((name) => name in all).map((name) => [name, all[name]]));
}
