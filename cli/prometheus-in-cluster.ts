import { serviceNames } from "../components/kubernetes/names";
import { ports } from "../components/kubernetes/ports";
import type { PrometheusAccess } from "./prometheus-api";
import { kubectl, type StackLocation } from "./target";

/**
 * Returns the way to a stack's Prometheus through the API server, so that it need not be exposed.
 *
 * @param timeoutSeconds of one request. Default 20
 */
export function inCluster(location: StackLocation, timeoutSeconds = 20): PrometheusAccess {
  const { target } = location;
  const proxy = prometheusProxy(location);
  const patience = `--request-timeout=${timeoutSeconds}s`;
  return {
    get: async (path) => JSON.parse(await kubectl(target, ["get", "--raw", proxy + path, patience])) as unknown,
    post: async (path) => {
      // From standard input, which is empty: the request has no body.
      await kubectl(target, ["create", "--raw", proxy + path, "--filename=-", patience]);
    },
  };
}

/** Path of the stack's Prometheus in the API server. */
export function prometheusProxy({ namespace, namePrefix }: StackLocation): string {
  const service = `${serviceNames(namePrefix).prometheus}:${ports.prometheus}`;
  return `/api/v1/namespaces/${namespace}/services/${service}/proxy`;
}
