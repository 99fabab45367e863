import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { ComponentIdentity } from "./labels";

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
      /** Node port of each named Service port. */
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

/** Type and ports of a Service with this exposure. Ports that the exposure does not name stay inside the cluster. */
export function exposedServiceSpec(
  ports: readonly NamedPort[],
  exposure: Exposure,
): Pick<kubernetes.types.input.core.v1.ServiceSpec, "type"> & {
  ports: kubernetes.types.input.core.v1.ServicePort[];
} {
  const nodePorts = exposure.kind === "NodePort" ? exposure.nodePorts : {};
  return {
    type: exposure.kind === "Ingress" ? "ClusterIP" : exposure.kind,
    ports: ports.map(({ name, port, appProtocol }) => ({
      name,
      port,
      targetPort: name,
      protocol: "TCP",
      ...(appProtocol === undefined ? {} : { appProtocol }),
      ...(nodePorts[name] === undefined ? {} : { nodePort: nodePorts[name] }),
    })),
  };
}

/** A component's Service, with an Ingress in front of it if it is exposed so. */
export function exposedService(
  name: string,
  identity: ComponentIdentity,
  args: {
    readonly ports: readonly NamedPort[];
    readonly exposure: Exposure;
    /** Default `None`: any pod answers any request. */
    readonly sessionAffinity?: "ClientIP";
    /** Publishes pods that are not ready, too. Default false. */
    readonly publishNotReadyAddresses?: boolean;
  },
  parent: pulumi.Resource,
): void {
  const { selector, ...metadata } = identity;
  const { sessionAffinity, publishNotReadyAddresses, exposure } = args;
  const service = new kubernetes.core.v1.Service(
    `${name}-service`,
    {
      metadata,
      spec: {
        selector,
        ...(sessionAffinity === undefined ? {} : { sessionAffinity }),
        ...(publishNotReadyAddresses === undefined ? {} : { publishNotReadyAddresses }),
        ...exposedServiceSpec(args.ports, exposure),
      },
    },
    { parent },
  );
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

function ingressSpec(serviceName: string, exposure: IngressExposure): kubernetes.types.input.networking.v1.IngressSpec {
  const { hosts, className, tlsSecret } = exposure;
  return {
    ...(className === undefined ? {} : { ingressClassName: className }),
    tls: [{ hosts: Object.values(hosts), ...(tlsSecret === undefined ? {} : { secretName: tlsSecret }) }],
    rules: Object.entries(hosts).map(([portName, host]) => {
      const backend = { service: { name: serviceName, port: { name: portName } } };
      return { host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } };
    }),
  };
}
