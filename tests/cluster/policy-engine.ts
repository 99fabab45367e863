import { execa } from "execa";
import * as path from "node:path";

import { ensureTools } from "../../lab/lab";
import { type ManagedProcess, startProcess, waitUntil } from "../support/processes";
import { say, TestCluster } from "./test-cluster";

/**
 * Makes NetworkPolicies count on the node, which has no network plugin that enforces them, until the process is stopped.
 * A connection that is there already stays.
 */
export async function startPolicyEngine(cluster: TestCluster): Promise<ManagedProcess> {
  const { "kube-network-policies": engine } = await ensureTools(["kube-network-policies"], { log: say });
  // Its threads cannot be born in another process namespace than its own.
  const [command = "", ...enter] = cluster.node.enter.filter((word) => word !== "--pid");
  const process = await startProcess({
    name: "kube-network-policies",
    command,
    args: [...enter, engine, `--kubeconfig=${cluster.node.kubeconfig}`, `--node=${cluster.node.name}`],
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME: cluster.directory },
    logFile: path.join(cluster.directory, "kube-network-policies.log"),
  });
  await waitUntil("the policy engine has its rules", async () => {
    const { stdout: rules } = await execa(command, [
      ...enter,
      "iptables",
      "--wait",
      "--table",
      "mangle",
      "--list-rules",
    ]);
    return process.running() && rules.includes("NFQUEUE");
  });
  return process;
}
