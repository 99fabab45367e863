import * as fs from "node:fs";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import type { Deployment, Registered } from "../components/deployment";
import { root } from "../config/stack-config";
import { dashboardDump, dashboardOf, panelTypes } from "./dashboard-dump";
import { block, flow } from "./yaml";

type Json = Readonly<Record<string, unknown>>;

/** The text of each file of a stack's dump, by its path in the stack's folder. */
export type Dump = ReadonlyMap<string, string>;

/**
 * A stack as files: one for each resource in the folder of its component, and beside a ConfigMap the files in it.
 * What is marked as secret is masked, and nothing else: a secret without the mark would show.
 */
export function stackDump({ resources }: Deployment): Dump {
  const components = resources.filter(({ type }) => type.startsWith("claude-monitoring:"));
  const declared = resources.filter(({ type }) => !type.startsWith("claude-monitoring:") && type !== stackType);
  const dashboards = declared.filter(isDashboard).map(({ inputs }) => dashboardOf(String(inputs["configJson"])));
  const types = panelTypes(dashboards);
  return new Map([
    ["components.yaml", block(Object.fromEntries(components.map(({ name, type }) => [name, type])))],
    ["panel-types.yaml", block(Object.fromEntries(types))],
    ...declared.flatMap((resource) => {
      const file = fileOf(resource, components);
      const inFolder = (name: string) => path.posix.join(path.posix.dirname(file), name);
      const { text, files } = parts(resource, types);
      return [
        [file, text] as const,
        ...Object.entries(files).map(([name, content]) => [inFolder(name), content] as const),
      ];
    }),
  ]);
}

const stackType = "pulumi:pulumi:Stack";

/** Where a resource is dumped, e.g. `otel-collector/workload.yaml`. */
function fileOf(resource: Registered, components: readonly Registered[]): string {
  const above = (name: string | undefined) => components.find((component) => component.name === name);
  let top = above(nameOf(resource.options.parent));
  for (let next = top; next !== undefined; next = above(nameOf(next.options.parent))) {
    top = next;
  }
  return top === undefined
    ? `${resource.name}.yaml`
    : path.posix.join(top.name, `${resource.name.replace(`${top.name}-`, "")}.yaml`);
}

interface Parts {
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
}

/** A resource's own file, and those that its inputs contain. */
function parts(resource: Registered, types: ReadonlyMap<string, Json>): Parts {
  const { type, options } = resource;
  const inputs = masked(resource.inputs) as Json;
  const head = `type: ${type}\n${block({ options: told(options) })}`;
  if (type.endsWith(":ConfigMap")) {
    const data = inputs["data"] as Record<string, string>;
    const names = Object.keys(data);
    const shown = Object.fromEntries(names.map((name) => [name, `see ${isProgram(name) ? "its sources" : name}`]));
    const files = Object.entries(data)
      .filter(([name]) => !isProgram(name))
      .map(([name, text]) => [name, configFile(name, text)]);
    return {
      text: head + block({ inputs: { ...inputs, data: shown } }),
      files: Object.fromEntries(files) as Parts["files"],
    };
  }
  if (isDashboard(resource)) {
    const { configJson, ...others } = inputs;
    const dashboard = dashboardOf(String(configJson));
    return { text: head + block({ inputs: others }) + dashboardDump(dashboard, types), files: {} };
  }
  if (type.endsWith(":RuleGroup")) {
    const { rules, ...group } = inputs;
    const readable = { inputs: { ...group, rules: (rules as AlertRule[]).map(alertDump) } };
    return { text: head + block(readable, { sorted: false }), files: {} };
  }
  return { text: head + block({ inputs }), files: {} };
}

function isDashboard({ type }: Registered): boolean {
  return type.endsWith(":Dashboard");
}

const rulesFile = "recording.rules.yaml";

/** Whether a file of a ConfigMap is made of this repository's own sources. */
function isProgram(name: string): boolean {
  return name.endsWith(".mjs");
}

/** A file of a ConfigMap, laid out for reading. */
function configFile(name: string, text: string): string {
  return name === rulesFile ? rulesDump(text) : block(parse(text), { sorted: false });
}

/** The names and labels of recording rules. Their expressions have tests of their own. */
function rulesDump(text: string): string {
  const { groups } = parse(text) as { groups: (Json & { rules: { record: string; labels?: object }[] })[] };
  return groups
    .flatMap(({ rules, ...group }) => [
      `- group: ${flow(group)}`,
      "  rules:",
      ...rules.map(({ record, labels }) => `    - ${flow({ record, labels })}`),
    ])
    .concat("")
    .join("\n");
}

interface AlertRule extends Json {
  readonly uid: string;
  readonly name: string;
  readonly datas: readonly { readonly model: string }[];
}

/** An alert rule with its query and threshold in place of the two stages that every rule has alike. */
function alertDump({ uid, name, datas, ...rule }: AlertRule): Json {
  const [query, threshold] = datas.map(({ model }) => JSON.parse(model) as Json);
  const [{ evaluator }] = threshold!["conditions"] as [{ evaluator: { type: string; params: number[] } }];
  return { uid, name, expr: query!["expr"], threshold: `${evaluator.type} ${evaluator.params.join()}`, ...rule };
}

/** Whom a resource belongs to, and whatever its options say beside that. */
function told(options: pulumi.CustomResourceOptions): Json {
  const { parent, provider, deletedWith, dependsOn, protect, ...others } = options;
  const after = [dependsOn].flat(2).map(nameOf);
  const { customTimeouts, ignoreChanges, deleteBeforeReplace, additionalSecretOutputs } = others;
  const all = {
    ...{ parent: nameOf(parent), provider: nameOf(provider), deletedWith: nameOf(deletedWith) },
    ...{ dependsOn: after.filter((name) => name !== undefined), protect: protect ?? false },
    ...{ customTimeouts, ignoreChanges, deleteBeforeReplace },
    additionalSecretOutputs: [...new Set(additionalSecretOutputs)],
  };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined && value !== false && flow(value) !== "[]"),
  );
}

function nameOf(resource: unknown): string | undefined {
  return (resource as { __name?: string } | undefined)?.__name;
}

/** The same, without the values that are marked as secret; the keys of a secret map stay. */
function masked(value: unknown): unknown {
  if (typeof value !== "object" || value === null) {
    return value === backupScript() ? "see components/backup/backup.sh" : value;
  }
  if (Array.isArray(value)) {
    return value.map(masked);
  }
  if (pulumi.runtime.specialSigKey in value) {
    return hidden((value as Json)["value"]);
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, masked(part)]));
}

function hidden(secret: unknown): unknown {
  return typeof secret === "object" && secret !== null && !Array.isArray(secret)
    ? Object.fromEntries(Object.entries(secret).map(([key, part]) => [key, hidden(part)]))
    : "[secret]";
}

function backupScript(): string {
  return fs.readFileSync(path.join(root, "components/backup/backup.sh"), "utf8");
}
