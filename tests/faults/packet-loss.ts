import { execa } from "execa";
import { ports } from "../../components/kubernetes/ports";
import { say } from "../cluster/test-cluster";
import { sleep } from "../support/processes";
import { containerProcesses, type FaultStack } from "./fault-stack";

const halfOf = ["-m", "statistic", "--mode", "random", "--probability", "0.5"];

/**
 * Drops half of the packets between the collectors and Prometheus, each way and at random, for some time. The rules are
 * in the network namespace of Prometheus' pod, and end with it.
 */
export async function dropHalf(stack: FaultStack, ms: number): Promise<void> {
  const [prometheus] = await stack.pods("prometheus");
  const [pid] = containerProcesses(prometheus!);
  const iptables = async (...args: readonly string[]) =>
    (await execa("nsenter", ["--target", String(pid), "--net", "iptables", "--wait", ...args])).stdout;
  const port = String(ports.prometheus);
  const rules = (await stack.pods("otel-collector")).flatMap(({ status: { podIP = "" } }) => [
    ["INPUT", "--protocol", "tcp", "--source", podIP, "--dport", port, ...halfOf, "--jump", "DROP"],
    ["OUTPUT", "--protocol", "tcp", "--destination", podIP, "--sport", port, ...halfOf, "--jump", "DROP"],
  ]);
  for (const rule of rules) {
    await iptables("--append", ...rule);
  }
  await sleep(ms);
  const listed = await iptables("--list", "--numeric", "--verbose", "--exact");
  const dropped = [...listed.matchAll(/^\s*(\d+)\s+\d+\s+DROP/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
  say(`packets dropped in ${ms / 1000} s: ${dropped}`);
  for (const rule of rules) {
    await iptables("--delete", ...rule);
  }
  if (dropped === 0) {
    throw new Error("no packet was dropped; expected about half of them");
  }
}
