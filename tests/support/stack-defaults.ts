import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const projectSchema = z.object({ config: z.record(z.string(), z.looseObject({ default: z.unknown() })) });

/** The default of a configuration key, as `Pulumi.yaml` states it. Throws if there is no such key or its default is no text. */
export function stackDefault(key: string): string {
  const file = path.join(__dirname, "..", "..", "Pulumi.yaml");
  const value = projectSchema.parse(parse(fs.readFileSync(file, "utf8"))).config[key]?.default;
  if (typeof value !== "string") {
    throw new Error(`Pulumi.yaml: "${key}" has the default ${JSON.stringify(value)}; expected text`);
  }
  return value;
}
