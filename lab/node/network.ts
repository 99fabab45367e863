import * as fs from "node:fs";

import type { ProcessIdentity } from "../process-identity";
import { ifThere } from "../waiting";
import { run, tryRun } from "./commands";
import { enter } from "./namespaces";
import { type NodeNetwork, nodeNetwork } from "./settings";

const slots = 64;
const nodeLink = "eth0";

/**
 * A network for a new node: the first whose link and addresses nothing on this machine uses.
 * @param preferred the slot that the node had before
 */
export async function chooseNetwork(preferred: number | undefined): Promise<NodeNetwork> {
  const candidates = [...(preferred === undefined ? [] : [preferred]), ...Array(slots).keys()];
  const links = await run(["ip", "-o", "link", "show"]);
  for (const slot of candidates) {
    const network = nodeNetwork(slot);
    const routes = await run(["ip", "-4", "route", "show", "root", `10.213.${slot}.0/24`]);
    if (routes.trim() === "" && !links.includes(` ${network.hostLink}@`)) {
      return network;
    }
  }
  throw new Error(`all ${slots} networks for nodes, 10.213.0.0/24 to 10.213.${slots - 1}.0/24, are in use`);
}

/**
 * Connects the node to the host by a pair of virtual Ethernet devices.
 * @param owner what tells this node from all others; {@link disconnect} asks for it
 */
export async function connect(network: NodeNetwork, owner: string, init: ProcessIdentity): Promise<void> {
  const { hostLink, hostAddress, nodeAddress } = network;
  // Built into some kernels, modules of others: what is missing shows below.
  await tryRun(["modprobe", "-a", "veth", "bridge", "br_netfilter", "overlay"]);
  await run(["ip", "link", "add", hostLink, "type", "veth", "peer", "name", nodeLink, "netns", String(init.pid)]);
  await run(["ip", "link", "set", hostLink, "alias", owner]);
  await run(["ip", "address", "add", `${hostAddress}/24`, "dev", hostLink]);
  await run(["ip", "link", "set", hostLink, "up"]);
  const script = [
    "set -e",
    "ip link set lo up",
    `ip address add ${nodeAddress}/24 dev ${nodeLink}`,
    `ip link set ${nodeLink} up`,
    // Programs look for the node's own address at the default route.
    `ip route add default via ${hostAddress}`,
    "echo 1 > /proc/sys/net/ipv4/ip_forward",
    // A Service's answer between two pods on one bridge must pass the rule that rewrote its question.
    "echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables",
  ];
  await run([...enter(init), "sh", "-c", script.join("\n")]);
}

/**
 * Removes the host's end of the pair, if it is this node's and not that of another one which has taken over the slot.
 * The other end goes with it.
 */
export async function disconnect(network: NodeNetwork, owner: string): Promise<void> {
  const alias = ifThere(() => fs.readFileSync(`/sys/class/net/${network.hostLink}/ifalias`, "utf8"));
  if (alias?.trim() === owner) {
    await tryRun(["ip", "link", "delete", network.hostLink]);
  }
}
