import { prometheusProxy, type StackLocation } from "../health";
import { kubectl } from "../target";
import { PrometheusAccess } from "./remove";

/** A stack's Prometheus, reached through the API server, so that it need not be exposed. */
export function prometheusInCluster(location: StackLocation): PrometheusAccess {
  const { target } = location;
  const proxy = prometheusProxy(location);
  // Rewriting blocks without what was deleted takes longer than the look-ups that kubectl is used for elsewhere.
  const patience = "--request-timeout=300s";
  return {
    get: async (path) => JSON.parse(await kubectl(target, ["get", "--raw", proxy + path, patience])) as unknown,
    post: async (path) => {
      // From standard input, which is empty: the request has no body.
      await kubectl(target, ["create", "--raw", proxy + path, "--filename=-", patience]);
    },
  };
}
