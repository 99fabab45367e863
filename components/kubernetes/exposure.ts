import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ComponentIdentity } from "./labels";

/** Ingress for hosts that end in one Service's ports. */
export interface IngressExposure {
  readonly kind: "Ingress";
  /** Host name of each named Service port, e.g. `{ http: "grafana.example.com" }`. */
  readonly hosts: Readonly<Record<string, string>>;
  /** IngressClass. Default: the cluster's. */
  readonly className: string | undefined;
  /** Secret with the hosts' certificate. Default: the controller's own. */
  readonly tlsSecret: string | undefined;
}

/** Exposure of a Service to the outside of the cluster. */
export type Exposure =
  | { readonly kind: "ClusterIP" }
  | {
      readonly kind: "NodePort";
      /** Node port of each named Service port. Other ports stay inside the cluster. */
      readonly nodePorts: Readonly<Record<string, number>>;
    }
  /** All ports, at an address from the cluster's provider. The pods terminate TLS themselves. */
  | { readonly kind: "LoadBalancer" }
  | IngressExposure;

/** One port of a Service; `targetPort` is the container's port of the same name. */
export interface NamedPort {
  readonly name: string;
  readonly port: number;
  /** Kubernetes' hint for proxies, e.g. `grpc`. */
  readonly appProtocol?: string;
}

type ServiceSpec = kubernetes.types.input.core.v1.ServiceSpec;

/** Arguments of {@link exposedService}; those of Kubernetes have its defaults. */
export interface ServiceArgs extends Pick<ServiceSpec, "clusterIP" | "publishNotReadyAddresses" | "sessionAffinity"> {
  readonly ports: readonly NamedPort[];
  /** Default: inside the cluster only. */
  readonly exposure?: Exposure;
}

/** A component's Service, with an Ingress in front of it if it is exposed so. */
export function exposedService(
  name: string,
  identity: ComponentIdentity,
  { ports, exposure = { kind: "ClusterIP" }, ...settings }: ServiceArgs,
  parent: pulumi.Resource,
): void {
  const { selector, ...metadata } = identity;
  const nodePorts = exposure.kind === "NodePort" ? exposure.nodePorts : {};
  const spec: ServiceSpec = {
    ...settings,
    selector,
    type: exposure.kind === "Ingress" ? "ClusterIP" : exposure.kind,
    ports: ports.map((port) => ({
      ...port,
      targetPort: port.name,
      protocol: "TCP",
      nodePort: nodePorts[port.name],
    })),
  };
  const service = new kubernetes.core.v1.Service(`${name}-service`, { metadata, spec }, { parent });
  if (exposure.kind === "Ingress") {
    new kubernetes.networking.v1.Ingress(
      `${name}-ingress`,
      {
        // Controllers publish an address when it suits them, some never; the stack does not depend on it.
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: ingressSpec(identity.name, exposure),
      },
      { parent, dependsOn: service },
    );
  }
}

function ingressSpec(
  serviceName: string,
  { hosts, className, tlsSecret }: IngressExposure,
): kubernetes.types.input.networking.v1.IngressSpec {
  return {
    ingressClassName: className,
    tls: [{ hosts: Object.values(hosts), secretName: tlsSecret }],
    rules: Object.entries(hosts).map(([portName, host]) => {
      const backend = { service: { name: serviceName, port: { name: portName } } };
      return { host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } };
    }),
  };
}
