import * as fs from "node:fs";
import * as path from "node:path";

import { root } from "../config/stack-config";

/** Every text by its path, e.g. `overview.users.row`. */
export function flattened(text: object, prefix = ""): Map<string, string> {
  return new Map(
    Object.entries(text).flatMap(([key, value]: [string, string | object]): (readonly [string, string])[] => {
      const own = prefix === "" ? key : `${prefix}.${key}`;
      return typeof value === "string" ? [[own, value]] : [...flattened(value, own)];
    }),
  );
}

/** A language as translators write it: its notes, and the texts of its other files with names of notes in braces. */
export function textFiles(language: string): {
  readonly notes: ReadonlyMap<string, string>;
  readonly texts: ReadonlyMap<string, string>;
} {
  const folder = path.join(root, "dashboards/text", language.toLowerCase());
  const files = fs
    .readdirSync(folder)
    .map((name) => [path.parse(name).name, JSON.parse(fs.readFileSync(path.join(folder, name), "utf8")) as object]);
  const { notes, ...others } = Object.fromEntries(files) as Record<string, object>;
  return { notes: flattened(notes!), texts: flattened(others) };
}
