import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { root } from "../config/stack-config";

interface Coverage {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** A glob such as `*.ts` or `components/**` with a name, as a regular expression. */
function pattern(glob: string): RegExp {
  const parts = glob.split("**/").map((part) => part.replaceAll(".", "\\.").replaceAll("*", "[^/]*"));
  return new RegExp(`^${parts.join("(.*/)?")}$`);
}

describe("the coverage that npm test asks for", () => {
  const { include, exclude } = JSON.parse(
    fs.readFileSync(path.join(__dirname, "../coverage.json"), "utf8"),
  ) as Coverage;
  const isMatched = (file: string, globs: readonly string[]) => globs.some((glob) => pattern(glob).test(file));

  it("is of every file of the program, but for those that declare types only", () => {
    const folders = ["config", "components", "client", "dashboards", "queue-check", "telemetry"];
    const nested = folders.flatMap((folder) =>
      fs.readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
    );
    const files = [...fs.readdirSync(root), ...nested].filter((file) => file.endsWith(".ts"));
    assert.ok(files.includes("index.ts") && files.includes("config/general.ts") && files.length > 100);
    assert.deepEqual(
      files.filter((file) => !isMatched(file, include)),
      [],
    );
    const typesOnly = (file: string) =>
      !/^(export )?(async )?(const|function|class|let)\b/m.test(fs.readFileSync(path.join(root, file), "utf8"));
    assert.deepEqual(
      files.filter((file) => isMatched(file, exclude) && !typesOnly(file)),
      [],
    );
  });
});
