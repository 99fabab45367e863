import type * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";

import { type GrafanaRole, grafanaRoles } from "./oidc";

/** One dashboard: Grafana's JSON model, with a stable uid. */
export interface GrafanaDashboard {
  readonly uid: string;
  readonly json: string;
}

/** Readers of a folder besides administrators: everybody from a role on, or the members of a team, which is created. */
export type FolderReaders = { readonly leastRole: GrafanaRole } | { readonly team: string };

/** A folder and what is in it. */
export interface GrafanaFolder {
  /** Last part of its resources' names. Undefined: there is one without, the first. */
  readonly key?: string;
  readonly uid: string;
  readonly title: string;
  /** Undefined: its permissions are left as they are in Grafana. */
  readonly readers: FolderReaders | undefined;
  readonly dashboards: readonly GrafanaDashboard[];
}

/** Permission of a role in a folder that it sees: the same as in a folder that Grafana has just created. */
const permissions = { Viewer: "View", Editor: "Edit", Admin: "Admin" } as const;

/**
 * Declares a folder, who sees it, and then its dashboards.
 *
 * @param dependsOn what dashboards wait for
 * @returns the folder's uid
 */
export function declareFolder(
  name: string,
  args: GrafanaFolder,
  dependsOn: readonly pulumi.Resource[],
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const ending = args.key === undefined ? "" : `-${args.key}`;
  const folder = new grafana.oss.Folder(`${name}-folder${ending}`, { uid: args.uid, title: args.title }, options);
  const guarded =
    args.readers === undefined
      ? []
      : [
          new grafana.oss.FolderPermission(
            `${name}-folder${ending}-permissions`,
            { folderUid: folder.uid, permissions: grants(name, args.readers, options) },
            options,
          ),
        ];
  for (const dashboard of args.dashboards) {
    new grafana.oss.Dashboard(
      `${name}-dashboard-${dashboard.uid}`,
      { folder: folder.uid, configJson: dashboard.json, overwrite: true },
      // Nothing is put where everybody sees it who is not meant to.
      { ...options, dependsOn: [...dependsOn, ...guarded] },
    );
  }
  return folder.uid;
}

function grants(name: string, readers: FolderReaders, options: pulumi.CustomResourceOptions) {
  if ("team" in readers) {
    // Members are left to Grafana: the provider takes away none that it was not told of.
    const team = new grafana.oss.Team(`${name}-team-${readers.team}`, { name: readers.team }, options);
    return [{ teamId: team.id, permission: permissions.Viewer }];
  }
  const first = grafanaRoles.indexOf(readers.leastRole);
  // Administrators see every folder, whatever it says; a list without anybody could be taken for none at all.
  const roles = readers.leastRole === "Admin" ? grafanaRoles.slice(first) : grafanaRoles.slice(first, -1);
  return roles.map((role) => ({ role, permission: permissions[role] }));
}
