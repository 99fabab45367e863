import { selectorLabels } from "../../components/labels";
import { ports } from "../../components/ports";
import { apply } from "./probe-pods";
import type { TestCluster } from "./test-cluster";

/**
 * A way to a stack's collectors from outside, in the place of an Ingress controller, which the cluster has none of: a
 * Service of the test's own.
 */
export async function openDoor(
  cluster: TestCluster,
  stack: { readonly namespace: string; readonly namePrefix: string },
  nodePort: number,
): Promise<void> {
  const { namespace, namePrefix } = stack;
  const door = {
    ...{ apiVersion: "v1", kind: "Service", metadata: { name: "door", namespace } },
    spec: {
      ...{ type: "NodePort", selector: selectorLabels(namePrefix, "otel-collector"), sessionAffinity: "ClientIP" },
      ports: [{ port: ports.otlpHttp, nodePort }],
    },
  };
  await apply(cluster, [door]);
}
