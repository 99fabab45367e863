import type { FormatConfig } from "oxfmt";
import * as fs from "node:fs";
import * as path from "node:path";

import { root } from "../config/stack-config";

/** Markdown as `npm run format` leaves it. */
export async function formatted(markdown: string): Promise<string> {
  const { format } = await import("oxfmt");
  const options = JSON.parse(fs.readFileSync(path.join(root, ".oxfmtrc.json"), "utf8")) as FormatConfig;
  const { code, errors } = await format("document.md", markdown, options);
  if (errors.length > 0) {
    throw new Error(errors.map(({ message }) => message).join("\n"));
  }
  return code;
}
