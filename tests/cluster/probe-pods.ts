import * as fs from "node:fs";
import * as path from "node:path";

import { systemImages } from "../../lab/lab";
import { TestCluster } from "./test-cluster";

/** A pod that connects to others, and listens. */
export interface ProbePod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** TCP ports to listen on; whoever connects is told `open`. */
  readonly listen?: readonly number[];
}

/** Where a connection is tried to. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** A lost packet is sent again after one second, three and seven. */
const seconds = 8;

/** Creates pods, one after the other, and waits until they run. @returns each one's address, by name */
export async function runProbePods(cluster: TestCluster, pods: readonly ProbePod[]): Promise<Map<string, string>> {
  await apply(cluster, pods.map(manifest));
  const addresses = new Map<string, string>();
  for (const { namespace, name } of pods) {
    const where = ["--namespace", namespace, `pod/${name}`];
    await cluster.kubectl("wait", "--for=jsonpath={.status.phase}=Running", "--timeout=60s", ...where);
    addresses.set(name, await cluster.kubectl("get", "--output=jsonpath={.status.podIP}", ...where));
  }
  return addresses;
}

/** Creates or updates objects. */
export async function apply(cluster: TestCluster, items: readonly object[]): Promise<void> {
  const file = path.join(cluster.directory, "objects.json");
  fs.writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  await cluster.kubectl("apply", "--filename", file);
}

/** Which of the endpoints a pod can connect to; all are tried at the same time. */
export async function reachable(
  cluster: TestCluster,
  { namespace, name }: Pick<ProbePod, "namespace" | "name">,
  endpoints: readonly Endpoint[],
): Promise<Endpoint[]> {
  // Every listener here either speaks first or closes, or answers a request of HTTP with something.
  const tries = endpoints.map(
    ({ host, port }, index) =>
      `(printf 'GET / HTTP/1.0\\r\\n\\r\\n' | timeout ${seconds} nc -w ${seconds} ${host} ${port} | head -c 1 | grep -q . && echo ${index}) &`,
  );
  const script = `${tries.join("\n")}\nwait`;
  const output = await cluster.kubectl("exec", "--namespace", namespace, name, "--", "sh", "-c", script);
  const found = new Set(output.split(/\s+/).filter(Boolean).map(Number));
  return endpoints.filter((_, index) => found.has(index));
}

/** Whether a pod gets an answer from the cluster's name servers. */
export async function resolves(cluster: TestCluster, { namespace, name }: ProbePod, host: string): Promise<boolean> {
  const script = `timeout ${seconds} nslookup -type=a ${host} >/dev/null 2>&1 && echo resolved || echo failed`;
  const output = await cluster.kubectl("exec", "--namespace", namespace, name, "--", "sh", "-c", script);
  return output.trim() === "resolved";
}

function manifest({ namespace, name, labels, listen = [] }: ProbePod): object {
  // What is left unread when it closes would take the answer with it.
  const listeners = listen.map((port) => `nc -ll -p ${port} -e sh -c 'read -r one; read -r two; echo open' &`);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name, labels },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "probe",
          image: systemImages.busybox,
          imagePullPolicy: "IfNotPresent",
          command: ["sh", "-c", `${listeners.join("\n")}\nsleep 3600`],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          // Never ready: no Service sends anything to a pod that only borrows a component's labels.
          readinessProbe: { exec: { command: ["false"] }, periodSeconds: 60 },
        },
      ],
    },
  };
}
