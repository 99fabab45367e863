import { execa } from "execa";

import { RunningNode } from "../../lab/lab";

/** Adds an address to the node's link, inside its network namespace. */
export async function addNodeAddress(node: RunningNode, address: string): Promise<void> {
  const [command = "", ...prefix] = node.enter;
  const inNode = async (...args: readonly string[]) => (await execa(command, [...prefix, "ip", ...args])).stdout;
  const link = linkOf(await inNode("-brief", "address", "show", "to", `${node.nodeAddress}/32`));
  await inNode("address", "replace", `${address}/32`, "dev", link);
}

/** Makes this machine reach `address` by the node's link, from `source`. Both go with the link when the node stops. */
export async function addHostRoute(nodeAddress: string, address: string, source: string): Promise<void> {
  const { stdout: route } = await execa("ip", ["-brief", "route", "get", nodeAddress]);
  const link = /\bdev (\S+)/.exec(route)?.[1] ?? "";
  await execa("ip", ["address", "replace", `${source}/32`, "dev", link]);
  await execa("ip", ["route", "replace", `${address}/32`, "dev", link, "src", source]);
}

/** The first link of `ip -brief address`, without the part after the `@`. */
function linkOf(listed: string): string {
  const link = /^([^\s@]+)/.exec(listed)?.[1];
  if (link === undefined) {
    throw new Error(`found no link in "${listed}"; expected the one that has the node's address`);
  }
  return link;
}
