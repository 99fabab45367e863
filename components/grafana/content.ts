import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";

import { GrafanaAlerting, type GrafanaAlertGroup, type GrafanaAlertingArgs } from "./alerting";
import { declareFolder, type GrafanaFolder } from "./folders";
import { type ReadyOptions, whenGrafanaAnswers } from "./ready";

/** Connection to Grafana's API. */
export interface GrafanaApi extends ReadyOptions {
  /** URL for the machine that runs Pulumi; known once Grafana is deployed. */
  readonly url: pulumi.Input<string>;
  /** `user:password` or a service account token. Kept as a secret. */
  readonly auth: pulumi.Input<string>;
  /** Organisation, for `user:password`. Default: that of the user or token. */
  readonly orgId?: number;
}

/** A data source to create. */
export interface GrafanaDataSource {
  /** Grafana's kind of it, e.g. `loki`; there is one of each. */
  readonly type: "prometheus" | "loki" | "tempo";
  readonly uid: string;
  readonly name: string;
  /** URL for Grafana's server. */
  readonly url: pulumi.Input<string>;
  readonly isDefault: boolean;
  /** Settings of this kind of data source (`jsonData`). */
  readonly settings: object;
  /** Secret settings (`secureJsonData`). Default: none. */
  readonly secureSettings?: Readonly<Record<string, pulumi.Input<string>>>;
  /** User of its HTTP basic authentication, whose password is in `secureSettings`. Default: none is used. */
  readonly basicAuthUser?: string;
}

/** Alerts, each group in one of the folders. */
export interface GrafanaAlerts extends Omit<GrafanaAlertingArgs, "groups"> {
  readonly groups: readonly (Omit<GrafanaAlertGroup, "folderUid"> & {
    /** Key of the folder that holds its rules. Default: the first. */
    readonly folder?: string;
  })[];
}

/** Inputs of {@link GrafanaContent}. */
export interface GrafanaContentArgs {
  readonly api: GrafanaApi;
  /** With their dashboards. The first holds what belongs to no other. */
  readonly folders: readonly [GrafanaFolder, ...GrafanaFolder[]];
  /** Without those that exist already. */
  readonly dataSources: readonly GrafanaDataSource[];
  /** Undefined: no alerts. */
  readonly alerting: GrafanaAlerts | undefined;
  /**
   * The volume of Grafana's database. Content goes with it: deleted with it, and made anew in the next one.
   * Undefined: a Grafana outside the stack, identified by its URL and organisation.
   */
  readonly storedIn: kubernetes.core.v1.PersistentVolumeClaim | undefined;
}

/**
 * Folders, data sources, dashboards and alerts, declared through the Grafana provider once Grafana answers.
 *
 * In another Grafana than before, all of it is created anew. First the provider deletes it from
 * the one before, with that one's own URL and credentials. Ids of teams are numbers, which name other teams elsewhere.
 */
export class GrafanaContent extends pulumi.ComponentResource {
  constructor(name: string, args: GrafanaContentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:grafana:GrafanaContent", name, {}, opts);
    const provider = grafanaProvider(`${name}-provider`, args, this);
    const stored = { parent: this, provider, deletedWith: args.storedIn };
    const dependsOn = dataSources(name, args.dataSources, stored);
    const [first, ...others] = args.folders;
    const folderUid = declareFolder(name, first, dependsOn, stored);
    const folderUids = new Map(others.map((folder) => [folder.key, declareFolder(name, folder, dependsOn, stored)]));
    if (args.alerting !== undefined) {
      const groups = args.alerting.groups.map(({ folder, ...group }) => ({
        ...group,
        folderUid: folderUids.get(folder) ?? folderUid,
      }));
      new GrafanaAlerting(`${name}-alerting`, { ...args.alerting, groups }, { ...stored, dependsOn });
    }
    this.registerOutputs({ folderUid });
  }
}

function grafanaProvider(
  name: string,
  { api, storedIn }: Pick<GrafanaContentArgs, "api" | "storedIn">,
  parent: pulumi.Resource,
): grafana.Provider {
  const { orgId, caCertificate, insecureSkipVerify } = api;
  // A provider that is deleted before it is replaced takes all its resources along; nothing else would.
  const options: pulumi.CustomResourceOptions = {
    parent,
    deleteBeforeReplace: true,
    replacementTrigger: storedIn?.metadata.uid ?? [api.url, orgId ?? null],
  };
  return new grafana.Provider(
    name,
    {
      url: pulumi
        .output(api.url)
        .apply((url) => (pulumi.runtime.isDryRun() ? Promise.resolve(url) : whenGrafanaAnswers(url, api))),
      auth: pulumi.secret(api.auth),
      orgId,
      caCert: caCertificate,
      insecureSkipVerify: insecureSkipVerify === true ? true : undefined,
    },
    options,
  );
}

/** One after the other: Grafana makes the first one the default, whatever it asks for. */
function dataSources(
  name: string,
  args: readonly GrafanaDataSource[],
  options: pulumi.CustomResourceOptions,
): grafana.oss.DataSource[] {
  const created: grafana.oss.DataSource[] = [];
  for (const { type, uid, name: title, url, isDefault, settings, secureSettings, basicAuthUser } of args) {
    created.push(
      new grafana.oss.DataSource(
        `${name}-${type}`,
        {
          uid,
          name: title,
          type,
          accessMode: "proxy",
          url,
          isDefault,
          jsonDataEncoded: JSON.stringify(settings),
          secureJsonDataEncoded: secureSettings && pulumi.secret(pulumi.jsonStringify(secureSettings)),
          basicAuthEnabled: basicAuthUser === undefined ? undefined : true,
          basicAuthUsername: basicAuthUser,
        },
        { ...options, dependsOn: [...created] },
      ),
    );
  }
  return created;
}
