import { selectorLabels } from "../../components/kubernetes/labels";
import { serviceNames } from "../../components/kubernetes/names";
import { ports } from "../../components/kubernetes/ports";
import { apply } from "./probe-pods";
import type { TestCluster } from "./test-cluster";

/**
 * A way to a stack's collectors from outside, in the place of an Ingress controller, which the cluster has none of: a
 * Service of the test's own.
 *
 * @param stack.replica the only collector that it leads to; undefined for all
 * @returns the base URL for OTLP over HTTP
 */
export async function openDoor(
  cluster: TestCluster,
  stack: { readonly namespace: string; readonly namePrefix: string; readonly replica?: number },
  nodePort: number,
): Promise<string> {
  const { namespace, namePrefix, replica } = stack;
  const pod = `${serviceNames(namePrefix).collector}-${replica}`;
  const only = replica === undefined ? {} : { "statefulset.kubernetes.io/pod-name": pod };
  const door = {
    ...{ apiVersion: "v1", kind: "Service", metadata: { name: `door-${nodePort}`, namespace } },
    spec: {
      type: "NodePort",
      selector: { ...selectorLabels(namePrefix, "otel-collector"), ...only },
      ports: [{ port: ports.otlpHttp, nodePort }],
    },
  };
  await apply(cluster, [door]);
  return `http://${cluster.node.nodeAddress}:${nodePort}`;
}
