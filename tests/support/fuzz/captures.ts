import * as fs from "node:fs";
import * as path from "node:path";

export type Signal = "metrics" | "logs" | "traces";

/** A real client's export, as the client sent it. */
export interface Capture {
  readonly signal: Signal;
  readonly json: string;
}

const directory = path.join(__dirname, "..", "..", "fixtures", "captures");

let read: readonly Capture[] | undefined;

/** All captured exports. */
export function captures(): readonly Capture[] {
  read ??= fs
    .readdirSync(directory)
    .sort()
    .map((file) => ({
      signal: file.slice(0, file.indexOf(".")) as Signal,
      json: fs.readFileSync(path.join(directory, file), "utf8"),
    }));
  return read;
}

/** Any node of an export. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface Attribute {
  [key: string]: Json;
  key: string;
  value: { [key: string]: Json };
}

/** All lists of attributes of an export, those of records, points and spans last. */
export function attributeLists(root: Json): Attribute[][] {
  return objects(root).flatMap(({ attributes }) => (Array.isArray(attributes) ? [attributes as Attribute[]] : []));
}

/** All objects of an export, outer before inner. */
export function objects(root: Json): { [key: string]: Json }[] {
  if (root === null || typeof root !== "object") {
    return [];
  }
  if (Array.isArray(root)) {
    return root.flatMap(objects);
  }
  return [root, ...Object.values(root).flatMap(objects)];
}
