import { parse } from "yaml";

import type { Dump } from "./resource-dump";
import { flow } from "./yaml";

/** A stack's name and dump. */
export interface Stack {
  readonly name: string;
  readonly dump: Dump;
}

/**
 * Renders what two stacks have otherwise, as YAML: the files of only one of them, then for each file of both what differs,
 * by its path, on either side. The stacks' own names are no difference.
 */
export function differences(one: Stack, other: Stack): string {
  const lines = [...one.dump.keys()].flatMap((file) => {
    const changes = other.dump.has(file) ? changesOf(read(one, file), read(other, file)) : [];
    return [
      ...changes.slice(0, 1).map(() => `${file}:`),
      ...changes.map(({ path, here, there }) => `  ${flow(path)}: ${flow({ [one.name]: here, [other.name]: there })}`),
    ];
  });
  return [...onlyIn(one, other), ...onlyIn(other, one), ...lines, ""].join("\n");
}

function onlyIn(here: Stack, there: Stack): string[] {
  const files = [...here.dump.keys()].filter((file) => !there.dump.has(file));
  return [`only in ${here.name}:${files.length === 0 ? " []" : ""}`, ...files.map((file) => `  - ${file}`)];
}

/** A file's content, with `<stack>` wherever the stack's name is. */
function read({ name, dump }: Stack, file: string): unknown {
  return parse(dump.get(file)!.replace(new RegExp(`\\b${name}\\b`, "g"), "<stack>"));
}

/** Two values at one path; `null` where there is none. */
interface Change {
  readonly path: string;
  readonly here: unknown;
  readonly there: unknown;
}

function changesOf(here: unknown, there: unknown, path = ""): Change[] {
  const [parts, others] = [partsOf(here), partsOf(there)];
  if (parts === undefined || others === undefined) {
    return flow(here) === flow(there) ? [] : [{ path, here, there }];
  }
  return [...new Set([...parts.keys(), ...others.keys()])].flatMap((part) =>
    changesOf(parts.get(part) ?? null, others.get(part) ?? null, `${path}${part}`.replace(/^[.]/, "")),
  );
}

/** What a map, or a list of maps, consists of, by the end of its path. A list of texts is one value. */
function partsOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== "object" || value === null) {
    return undefined;
  }
  if (!Array.isArray(value)) {
    return new Map(Object.entries(value).map(([key, part]: [string, unknown]) => [`.${key}`, part]));
  }
  const entries: unknown[] = value;
  return entries.every((entry) => typeof entry === "object" && entry !== null)
    ? new Map(entries.map((entry, index) => [`[${nameOf(entry) ?? String(index)}]`, entry]))
    : undefined;
}

/** The name of an entry of a list, so that one entry more is no change of those after it. */
function nameOf(entry: object): string | undefined {
  return (entry as { readonly name?: string }).name;
}
