import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { exposedService, Exposure } from "../kubernetes/exposure";
import { type GrafanaOidc, oidcSettings } from "./oidc";
import { type GrafanaSmtp, smtpSettings } from "./smtp";
import { componentIdentity } from "../kubernetes/labels";
import { serviceNames } from "../kubernetes/names";
import { hardenedContainer, hardenedPod, httpProbe, resourceRequirements, Resources } from "../kubernetes/pod";
import { ports } from "../kubernetes/ports";
import { type StoreArgs, volumeClaim } from "../kubernetes/volume";
import { singletonDeployment } from "../kubernetes/workload";

/** `grafana`, the user of the image. */
const userId = 472;
const dataDirectory = "/var/lib/grafana";
const tlsDirectory = "/etc/grafana-tls";

/** Inputs of {@link Grafana}. */
export interface GrafanaArgs extends StoreArgs {
  /** URL at which people open Grafana. */
  readonly url: pulumi.Input<string>;
  readonly adminUser: pulumi.Input<string>;
  /** Grafana reads it once, when it creates its database; a later change is made in Grafana. */
  readonly adminPassword: pulumi.Input<string>;
  /**
   * Encrypts the secrets in Grafana's database, and can read none that another key encrypted. Default: Grafana's own
   * default, which is public.
   */
  readonly databaseKey?: pulumi.Input<string>;
  /** Secret in the namespace with `tls.crt` and `tls.key`. Undefined: plain text. */
  readonly tlsSecret?: pulumi.Input<string>;
  /** OpenID Connect sign-in. Default: only users that the administrator adds can sign in. */
  readonly oidc?: GrafanaOidc;
  /** Default: Grafana sends no mail. */
  readonly smtp?: GrafanaSmtp;
  readonly resources: Resources;
  /** Port name: `http`. */
  readonly exposure: Exposure;
}

/** Grafana's server. `GrafanaContent` declares its content. */
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
    const identity = componentIdentity(args, "grafana", this.serviceName);

    const credentials = new kubernetes.core.v1.Secret(
      `${name}-admin`,
      {
        metadata: { namespace: args.namespace, labels: identity.labels },
        stringData: Object.fromEntries(secretSettings(args).map(({ key, value }) => [key, pulumi.secret(value)])),
        immutable: true,
      },
      { parent: this, additionalSecretOutputs: ["data", "stringData"] },
    );
    this.volume = volumeClaim(`${name}-volume`, identity, args, this);
    const http = { name: "http", port: ports.grafana };
    exposedService(name, identity, { ports: [http], exposure: args.exposure }, this);
    const pod = hardenedPod(userId, {
      containers: [grafanaContainer(args, credentials)],
      volumes: [
        { name: "data", persistentVolumeClaim: { claimName: this.volume.metadata.name } },
        { name: "tmp", emptyDir: {} },
        ...(args.tlsSecret === undefined
          ? []
          : [{ name: "tls", secret: { secretName: args.tlsSecret, defaultMode: 0o440 } }]),
      ],
    });
    this.workload = singletonDeployment(`${name}-workload`, identity, pod, this);
    this.registerOutputs({ serviceName: this.serviceName });
  }
}

/** Entries of Grafana's Secret, with the variable by which Grafana reads each. */
function secretSettings({ adminUser, adminPassword, oidc, databaseKey, smtp }: GrafanaArgs) {
  const settings: { key: string; variable: string; value: pulumi.Input<string> | undefined }[] = [
    { key: "user", variable: "GF_SECURITY_ADMIN_USER", value: adminUser },
    { key: "password", variable: "GF_SECURITY_ADMIN_PASSWORD", value: adminPassword },
    { key: "oidc-client-secret", variable: "GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET", value: oidc?.clientSecret },
    { key: "secret-key", variable: "GF_SECURITY_SECRET_KEY", value: databaseKey },
    { key: "smtp-password", variable: "GF_SMTP_PASSWORD", value: smtp?.credentials?.password },
  ];
  return settings.flatMap(({ value, ...names }) => (value === undefined ? [] : [{ ...names, value }]));
}

function grafanaContainer(
  args: GrafanaArgs,
  credentials: kubernetes.core.v1.Secret,
): kubernetes.types.input.core.v1.Container {
  const settings = {
    GF_SERVER_HTTP_PORT: String(ports.grafana),
    GF_SERVER_ROOT_URL: args.url,
    GF_PATHS_DATA: dataDirectory,
    GF_LOG_MODE: "console",
    GF_AUTH_ANONYMOUS_ENABLED: "false",
    GF_USERS_ALLOW_SIGN_UP: "false",
    GF_USERS_AUTO_ASSIGN_ORG_ROLE: "Viewer",
    GF_USERS_VIEWERS_CAN_EDIT: "false",
    GF_SECURITY_COOKIE_SECURE: pulumi.output(args.url).apply((url) => String(url.startsWith("https:"))),
    // Nothing here calls out: no version checks, no usage reports, no plugins or news from the internet.
    GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_NEWS_NEWS_FEED_ENABLED: "false",
    // Data sources are plugins in the image, which is read-only: to be replaced by newer ones would end them.
    GF_PLUGINS_PREINSTALL_DISABLED: "true",
    GF_PLUGINS_PREINSTALL_AUTO_UPDATE: "false",
    GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: "true",
    ...(args.oidc === undefined ? {} : oidcSettings(args.oidc)),
    ...(args.smtp === undefined ? {} : smtpSettings(args.smtp)),
    ...(args.tlsSecret === undefined
      ? {}
      : {
          GF_SERVER_PROTOCOL: "https",
          GF_SERVER_CERT_FILE: `${tlsDirectory}/tls.crt`,
          GF_SERVER_CERT_KEY: `${tlsDirectory}/tls.key`,
        }),
  };
  const scheme = args.tlsSecret === undefined ? {} : { scheme: "HTTPS" as const };
  return hardenedContainer({
    name: "grafana",
    image: args.image,
    env: [
      ...secretSettings(args).map(({ key, variable }) => ({
        name: variable,
        valueFrom: { secretKeyRef: { name: credentials.metadata.name, key } },
      })),
      ...Object.entries(settings).map(([name, value]) => ({ name, value })),
    ],
    ports: [{ name: "http", containerPort: ports.grafana }],
    // The first start migrates an empty database, which takes minutes on a small machine.
    startupProbe: httpProbe("/api/health", "http", { ...scheme, periodSeconds: 2, failureThreshold: 300 }),
    readinessProbe: httpProbe("/api/health", "http", { ...scheme, periodSeconds: 5 }),
    livenessProbe: httpProbe("/api/health", "http", { ...scheme, failureThreshold: 6 }),
    resources: resourceRequirements(args.resources),
    volumeMounts: [
      { name: "data", mountPath: dataDirectory },
      { name: "tmp", mountPath: "/tmp" },
      ...(args.tlsSecret === undefined ? [] : [{ name: "tls", mountPath: tlsDirectory, readOnly: true }]),
    ],
  });
}
