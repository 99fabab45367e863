import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import { deploy, type Deployment, generatedSecret } from "../components/deployment";
import { root } from "../config/stack-config";
import { differences } from "./differences";
import { stackDump } from "./resource-dump";

/** Where the golden files are. */
export const goldenFolder = path.join(root, "tests/golden");

/** Stands for each secret that the golden stacks are told. Cannot occur by chance. */
export const toldSecret = "told-secret-5b2e9d";

/** Both stacks as they would be deployed, with secrets that can be recognised. In prod, they are all generated. */
export async function goldenDeployments(): Promise<{ readonly prod: Deployment; readonly dev: Deployment }> {
  return { prod: await deploy("prod"), dev: await deploy("dev", { "grafana.adminPassword": toldSecret }) };
}

/** The golden files as they should be, by their path in {@link goldenFolder}: stack prod, and how dev differs from it. */
export async function goldenFiles(): Promise<ReadonlyMap<string, string>> {
  const { prod, dev } = await goldenDeployments();
  const dump = stackDump(prod);
  return new Map([
    ...[...dump].map(([file, text]) => [path.posix.join("prod", file), text] as const),
    ["dev.yaml", differences({ name: "prod", dump }, { name: "dev", dump: stackDump(dev) })],
  ]);
}

/** The golden files as they are, in the same form. */
export function storedGoldenFiles(): ReadonlyMap<string, string> {
  const entries = fs.readdirSync(goldenFolder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [path.relative(goldenFolder, file), fs.readFileSync(file, "utf8")]));
}

/** Values that must stand in no file: secrets that are told and generated, and the checksum in the htpasswd file. */
export const secretMarkers = [
  toldSecret,
  generatedSecret,
  createHash("sha1").update(generatedSecret).digest("base64"),
] as const;
