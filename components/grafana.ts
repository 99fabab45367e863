import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { exposedService, Exposure } from "./exposure";
import { images } from "./images";
import { componentIdentity } from "./labels";
import { serviceNames } from "./names";
import { hardenedContainer, hardenedPod, httpProbe, resourceRequirements, Resources } from "./pod";
import { ports } from "./ports";
import { Quantity } from "./units";
import { volumeClaim } from "./volume";
import { singletonDeployment } from "./workload";

/** `grafana`, the user of the image. */
const userId = 472;
const dataDirectory = "/var/lib/grafana";

/** Inputs of {@link Grafana}. */
export interface GrafanaArgs {
  /** First part of every name, e.g. `dev` for `dev-grafana`. */
  readonly namePrefix: string;
  readonly namespace: pulumi.Input<string>;
  readonly storageClass: pulumi.Input<string>;
  readonly storage: Quantity;
  /** Whether `pulumi destroy` refuses to delete the volume. */
  readonly protectVolume: boolean;
  /** Where people open Grafana. */
  readonly url: pulumi.Input<string>;
  readonly adminUser: pulumi.Input<string>;
  /** Grafana reads it once, when it creates its database; a later change is made in Grafana. */
  readonly adminPassword: pulumi.Input<string>;
  readonly resources: Resources;
  /** Port name: `http`. */
  readonly exposure: Exposure;
}

/** Grafana's server. What it shows is declared by `GrafanaContent`. */
export class Grafana extends pulumi.ComponentResource {
  /** Name of the Service. */
  readonly serviceName: string;
  /** Holds Grafana's database, and with it every folder, data source and dashboard. */
  readonly volume: kubernetes.core.v1.PersistentVolumeClaim;
  /** Resolves once the rollout is complete. */
  readonly workload: kubernetes.apps.v1.Deployment;

  constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:grafana:Grafana", name, {}, opts);
    this.serviceName = serviceNames(args.namePrefix).grafana;
    const identity = componentIdentity({
      instance: args.namePrefix,
      component: "grafana",
      image: images.grafana,
      name: this.serviceName,
      namespace: args.namespace,
    });

    const credentials = new kubernetes.core.v1.Secret(
      `${name}-admin`,
      {
        metadata: { namespace: args.namespace, labels: identity.labels },
        stringData: { user: args.adminUser, password: pulumi.secret(args.adminPassword) },
        immutable: true,
      },
      { parent: this, additionalSecretOutputs: ["data", "stringData"] },
    );
    const { storageClass, storage: size, protectVolume: protect } = args;
    this.volume = volumeClaim(`${name}-volume`, identity, { storageClass, size, protect }, this);
    const http = { name: "http", port: ports.grafana };
    exposedService(name, identity, { ports: [http], exposure: args.exposure }, this);
    const pod = hardenedPod(userId, {
      containers: [grafanaContainer(args, credentials)],
      volumes: [
        { name: "data", persistentVolumeClaim: { claimName: this.volume.metadata.name } },
        { name: "tmp", emptyDir: {} },
      ],
    });
    this.workload = singletonDeployment(`${name}-workload`, identity, pod, this);
    this.registerOutputs({ serviceName: this.serviceName });
  }
}

function grafanaContainer(
  args: GrafanaArgs,
  credentials: kubernetes.core.v1.Secret,
): kubernetes.types.input.core.v1.Container {
  const fromSecret = (key: string) => ({ secretKeyRef: { name: credentials.metadata.name, key } });
  const settings = {
    GF_SERVER_HTTP_PORT: String(ports.grafana),
    GF_SERVER_ROOT_URL: args.url,
    GF_PATHS_DATA: dataDirectory,
    GF_LOG_MODE: "console",
    GF_AUTH_ANONYMOUS_ENABLED: "false",
    GF_USERS_ALLOW_SIGN_UP: "false",
    // Nothing here calls out: no version checks, no usage reports, no plugins or news from the internet.
    GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_NEWS_NEWS_FEED_ENABLED: "false",
    GF_PLUGINS_PREINSTALL_DISABLED: "true",
  };
  return hardenedContainer({
    name: "grafana",
    image: images.grafana,
    env: [
      { name: "GF_SECURITY_ADMIN_USER", valueFrom: fromSecret("user") },
      { name: "GF_SECURITY_ADMIN_PASSWORD", valueFrom: fromSecret("password") },
      ...Object.entries(settings).map(([name, value]) => ({ name, value })),
    ],
    ports: [{ name: "http", containerPort: ports.grafana }],
    // The first start migrates an empty database, which takes minutes on a small machine.
    startupProbe: httpProbe("/api/health", "http", { periodSeconds: 2, failureThreshold: 300 }),
    readinessProbe: httpProbe("/api/health", "http", { periodSeconds: 5 }),
    livenessProbe: httpProbe("/api/health", "http", { failureThreshold: 6 }),
    resources: resourceRequirements(args.resources),
    volumeMounts: [
      { name: "data", mountPath: dataDirectory },
      { name: "tmp", mountPath: "/tmp" },
    ],
  });
}
