import * as fs from "node:fs";
import * as path from "node:path";

import { stringify } from "yaml";

import { allDashboards } from "../../../dashboards/dashboards";
import { defaultConfig } from "../../../cli/stack-file";
import { defaultOptions } from "../dashboards/dashboard-model";
import { deploy, Registered } from "../components/deployment";
import { root } from "../config/stack-config";

/** The stacks that have a golden dump. */
export const goldenStacks = ["dev", "prod"] as const;

/** Where a stack's golden dump is. */
export function goldenFile(stack: string): string {
  return path.join(root, "tests/golden", `${stack}.yaml`);
}

/** The golden dump of a stack as it is in the repository. */
export function readGolden(stack: string): string {
  return fs.readFileSync(goldenFile(stack), "utf8");
}

/** The dashboards of a stack that configures nothing, as Grafana's JSON model, by the file that holds each. */
export function goldenDashboards(): ReadonlyMap<string, string> {
  return new Map(
    allDashboards(defaultOptions({ rawRangeSeconds: defaultConfig().dashboards.rawRange })).map(({ uid, json }) => [
      path.join(root, "tests/golden/dashboards", `${uid}.json`),
      `${JSON.stringify(JSON.parse(json), undefined, 2)}\n`,
    ]),
  );
}

/** Every resource of a stack with its parent and options, secrets masked, dashboards by their uid only. */
export async function goldenDump(stack: string): Promise<string> {
  const { resources } = await deploy(stack);
  return stringify(resources.map(dump), { lineWidth: 0, sortMapEntries: true });
}

function dump({ type, name, inputs, options }: Registered): object {
  const nameOf = (resource: unknown) => (resource as { __name?: string } | undefined)?.__name;
  return {
    type,
    name,
    parent: nameOf(options.parent) ?? "-",
    protect: options.protect ?? false,
    deletedWith: nameOf(options.deletedWith) ?? "-",
    inputs: masked(type, inputs),
  };
}

function masked(type: string, inputs: Readonly<Record<string, unknown>>): object {
  if (type.endsWith(":Secret")) {
    const keys = Object.keys(inputs["stringData"] as object);
    return { ...inputs, stringData: Object.fromEntries(keys.map((key) => [key, "[secret]"])) };
  }
  if (type === "pulumi:providers:grafana") {
    return { ...inputs, auth: "[secret]" };
  }
  if (type.endsWith(":Dashboard")) {
    const { uid } = JSON.parse(inputs["configJson"] as string) as { uid: string };
    return { ...inputs, configJson: `dashboard ${uid}` };
  }
  return inputs;
}
