import { isDeepStrictEqual } from "node:util";

import { muteTiming, notificationPolicy, ruleGroup } from "./alerting-kinds";
import { contactPoint } from "./contact-point";
import { dataSource, folder, team } from "./content-kinds";
import { dashboard } from "./dashboard";
import { folderPermission } from "./folder-permission";
import { GrafanaApi, type RequestListener } from "./grafana-api";
import { inputProperties } from "./package-schema";
import { type ResourceKind } from "./resource-kind";
import { comparable, pick, type Properties } from "./values";
import { hasUnknown, isUnknown, unknown } from "./wire-values";

const providerType = "pulumi:providers:grafana";
const settingNames = ["auth", "retries", "retryWait", "url"];
/** The only organisation that the stand-in works in. */
const organisation = "1";

const kinds: Readonly<Record<string, ResourceKind>> = {
  "grafana:oss/folder:Folder": folder,
  "grafana:oss/folderPermission:FolderPermission": folderPermission,
  "grafana:oss/team:Team": team,
  "grafana:oss/dataSource:DataSource": dataSource,
  "grafana:oss/dashboard:Dashboard": dashboard,
  "grafana:alerting/contactPoint:ContactPoint": contactPoint,
  "grafana:alerting/muteTiming:MuteTiming": muteTiming,
  "grafana:alerting/notificationPolicy:NotificationPolicy": notificationPolicy,
  "grafana:alerting/ruleGroup:RuleGroup": ruleGroup,
};

/** Reason for which a property is refused. */
export interface Problem {
  readonly property: string;
  readonly reason: string;
}

/** Difference between the state and the wanted inputs. */
export interface Difference {
  readonly changed: readonly string[];
  /** Those changed properties that need a new object. */
  readonly replaced: readonly string[];
  /** True if the old object must go before the new one can come. */
  readonly deleteFirst: boolean;
}

/** A resource as Grafana has it. */
export interface Resource {
  readonly id: string;
  readonly outputs: Properties;
}

/** The real plugin's behaviour, as far as this project uses it, without the protocol around it. */
export class GrafanaProvider {
  private readonly stopping = new AbortController();
  private api: GrafanaApi | undefined;

  constructor(private readonly onRequest: RequestListener = () => undefined) {}

  /** Problems of the provider's own configuration. */
  public checkConfig(settings: Properties): readonly Problem[] {
    // The engine adds these to every provider's configuration.
    const names = Object.keys(settings).filter((name) => name !== "version" && !name.startsWith("__"));
    const notNumbers = ["retries", "retryWait"].filter((name) => {
      return !isUnknown(settings[name]) && Number.isNaN(count(settings[name], 0));
    });
    return [
      ...propertyProblems(providerType, names, settingNames),
      ...notNumbers.map((property) => ({ property, reason: "expected a whole number, 0 or more" })),
    ];
  }

  /** Takes the configuration, with numbers as JSON texts. Does not contact Grafana. */
  public configure(settings: Properties): void {
    const { url, auth } = settings;
    if (typeof url === "string" && typeof auth === "string") {
      const retries = count(settings["retries"], 3);
      const retryWait = count(settings["retryWait"], 0);
      this.api = new GrafanaApi({ url, auth, retries, retryWait }, this.stopping.signal, this.onRequest);
    }
  }

  /** Problems of a resource's inputs. @throws Error if the stand-in does not know the type */
  public check(type: string, inputs: Properties): readonly Problem[] {
    const kind = kindOf(type);
    const names = Object.keys(inputs);
    // Values that are not known yet count as right.
    const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => !hasUnknown(value)));
    const found = Object.entries(kind.problems?.(known) ?? {}).map(([property, reason]) => ({ property, reason }));
    if (kind.inputs.includes("name") && !names.includes("name")) {
      found.unshift({ property: "name", reason: "missing (the real plugin would invent one)" });
    }
    return [...propertyProblems(type, names, kind.inputs), ...found];
  }

  /** Compares the state with the wanted inputs. */
  public diff(type: string, state: Properties, inputs: Properties): Difference {
    const kind = kindOf(type);
    const value = (from: Properties, name: string) => canonical(kind, name, from[name] ?? kind.defaults?.[name]);
    const changed = inputProperties(type)
      .map(({ name }) => ({ name, before: value(state, name), after: value(inputs, name) }))
      .filter(({ after }) => after !== undefined)
      .filter(({ before, after }) => !isDeepStrictEqual(before, after))
      .filter(({ name, before, after }) => kind.ignores?.(name, before, after) !== true);
    const replaced = changed.filter(({ name, before, after }) => kind.replaces?.(name, before, after) === true);
    return {
      changed: changed.map(({ name }) => name),
      replaced: replaced.map(({ name }) => name),
      deleteFirst: kind.uniqueName !== undefined && !changed.some(({ name }) => name === kind.uniqueName),
    };
  }

  /** Creates an object; in a preview, only says what would be known of it. */
  public async create(type: string, inputs: Properties, preview: boolean): Promise<Resource> {
    const kind = kindOf(type);
    if (preview) {
      const hasUid = inputProperties(type).some(({ name }) => name === "uid");
      const later = [...(hasUid ? ["uid"] : []), ...(kind.computed ?? [])].filter((name) => !(name in inputs));
      return { id: "", outputs: { ...Object.fromEntries(later.map((name) => [name, unknown])), ...inputs } };
    }
    const uid = await kind.create(this.client(), inputs);
    return this.present(kind, uid, inputs);
  }

  /** The object as it is now, or undefined if it is gone. */
  public async read(type: string, id: string, state: Properties): Promise<Resource | undefined> {
    const kind = kindOf(type);
    const uid = uidOf(id);
    const outputs = await kind.read(this.client(), uid, state);
    return outputs && { id: `${organisation}:${uid}`, outputs };
  }

  /** Inputs that lead to `outputs`: those that were given before or, on import, all. */
  public inputsFor(type: string, outputs: Properties, before: Properties): Properties {
    const given = Object.keys(before).length > 0 ? Object.keys(before) : inputProperties(type).map(({ name }) => name);
    const kind = kindOf(type);
    const same = given.filter((name) => {
      return isDeepStrictEqual(canonical(kind, name, before[name]), canonical(kind, name, outputs[name]));
    });
    return { ...pick(outputs, given), ...pick(before, same) };
  }

  /** Changes an object and gives its new outputs; in a preview, only says what would be known of them. */
  public async update(
    type: string,
    id: string,
    state: Properties,
    inputs: Properties,
    preview: boolean,
  ): Promise<Properties> {
    const kind = kindOf(type);
    if (preview) {
      return { ...state, ...inputs, ...("version" in state ? { version: unknown } : {}) };
    }
    await kind.update(this.client(), uidOf(id), inputs, state);
    return (await this.present(kind, uidOf(id), inputs)).outputs;
  }

  /** Deletes an object. One that is gone already is no error. */
  public async delete(type: string, id: string): Promise<void> {
    const kind = kindOf(type);
    await (kind.remove?.(this.client(), uidOf(id)) ?? this.client().send("DELETE", kind.path(uidOf(id))));
  }

  /** Ends waiting for Grafana. */
  public cancel(): void {
    this.stopping.abort(new Error("cancelled"));
  }

  private async present(kind: ResourceKind, uid: string, inputs: Properties): Promise<Resource> {
    const outputs = await kind.read(this.client(), uid, inputs);
    if (outputs === undefined) {
      throw new Error(`${kind.path(uid)} is gone right after it was saved`);
    }
    return { id: `${organisation}:${uid}`, outputs };
  }

  private client(): GrafanaApi {
    if (this.api === undefined) {
      throw new Error("the Grafana client is required: set the provider's `url` and `auth`");
    }
    return this.api;
  }
}

function kindOf(type: string): ResourceKind {
  const kind = kinds[type];
  if (kind === undefined) {
    throw new Error(
      `the stand-in for pulumi-resource-grafana does not support "${type}"; it supports ${Object.keys(kinds).join(", ")}`,
    );
  }
  return kind;
}

/** The form in which a property's values are compared. */
function canonical(kind: ResourceKind, property: string, value: unknown): unknown {
  return kind.canonical === undefined ? comparable(value) : kind.canonical(property, value);
}

/** Problems that the names of properties show. */
function propertyProblems(type: string, names: readonly string[], supported: readonly string[]): readonly Problem[] {
  const declared = inputProperties(type);
  const refused = names
    .filter((property) => !supported.includes(property))
    .map((property) => ({
      property,
      reason: declared.some(({ name }) => name === property)
        ? "the stand-in for pulumi-resource-grafana does not support it"
        : `${type} has no such property`,
    }));
  const missing = declared.filter(({ name, required }) => required && !names.includes(name));
  return [...refused, ...missing.map(({ name }) => ({ property: name, reason: "missing; it is required" }))];
}

function count(value: unknown, otherwise: number): number {
  const number = value === undefined ? otherwise : Number(value);
  return Number.isInteger(number) && number >= 0 ? number : Number.NaN;
}

function uidOf(id: string): string {
  return id.replace(/^\d+:/, "");
}
