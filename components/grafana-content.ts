import * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";

import { whenGrafanaAnswers } from "./grafana-ready";

/** One dashboard: Grafana's JSON model, with a stable uid. */
export interface DashboardModel {
  readonly uid: string;
  readonly json: string;
}

/** Inputs of {@link GrafanaContent}. */
export interface GrafanaContentArgs {
  /** Where the machine that runs Pulumi reaches Grafana's API; known once Grafana is deployed. */
  readonly apiUrl: pulumi.Input<string>;
  readonly adminUser: pulumi.Input<string>;
  readonly adminPassword: pulumi.Input<string>;
  /** How long to wait for Grafana to answer, in seconds. */
  readonly readyTimeoutSeconds: number;
  readonly folder: { readonly uid: string; readonly title: string };
  readonly prometheus: {
    readonly uid: string;
    readonly name: string;
    /** Where Grafana reaches Prometheus. */
    readonly url: pulumi.Input<string>;
    /** Smallest step of a range query, e.g. `1m`. */
    readonly minimumStep: string;
  };
  readonly dashboards: readonly DashboardModel[];
  /** What holds Grafana's database: when that is deleted, its content needs no deleting. */
  readonly storedIn: pulumi.Resource;
}

/** Folder, data source and dashboards, declared through the Grafana provider once Grafana answers. */
export class GrafanaContent extends pulumi.ComponentResource {
  constructor(name: string, args: GrafanaContentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:grafana:GrafanaContent", name, {}, opts);
    const answering = pulumi.output(args.apiUrl).apply((url) => answeringUrl(url, args.readyTimeoutSeconds));
    const provider = new grafana.Provider(
      `${name}-provider`,
      { url: answering, auth: pulumi.secret(pulumi.interpolate`${args.adminUser}:${args.adminPassword}`) },
      { parent: this },
    );
    const stored = { parent: this, provider, deletedWith: args.storedIn };

    const folder = new grafana.oss.Folder(`${name}-folder`, { uid: args.folder.uid, title: args.folder.title }, stored);
    const dataSource = new grafana.oss.DataSource(
      `${name}-prometheus`,
      {
        uid: args.prometheus.uid,
        name: args.prometheus.name,
        type: "prometheus",
        accessMode: "proxy",
        url: args.prometheus.url,
        isDefault: true,
        jsonDataEncoded: JSON.stringify({
          httpMethod: "POST",
          prometheusType: "Prometheus",
          timeInterval: args.prometheus.minimumStep,
        }),
      },
      stored,
    );
    for (const dashboard of args.dashboards) {
      new grafana.oss.Dashboard(
        `${name}-dashboard-${dashboard.uid}`,
        { folder: folder.uid, configJson: dashboard.json, overwrite: true },
        { ...stored, dependsOn: dataSource },
      );
    }
    this.registerOutputs({ folderUid: folder.uid });
  }
}

function answeringUrl(url: string, timeoutSeconds: number): Promise<string> {
  return pulumi.runtime.isDryRun() ? Promise.resolve(url) : whenGrafanaAnswers(url, { timeoutSeconds });
}
