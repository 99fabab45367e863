import type { GrafanaFolder } from "../components/grafana/folders";
import type { StackConfig } from "./schema";
import { allDashboards, peopleDashboards } from "../dashboards/dashboards";
import type { DashboardOptions, Edition } from "../dashboards/options";
import { overviewDashboard } from "../dashboards/overview/overview";
import { editionUid } from "../dashboards/uids";

/** What is there a second time because it shows people; its key is that of the folder, too. */
export function peopleEdition({ text }: DashboardOptions): Edition {
  return { key: "people", title: text.people };
}

/** Folders with their dashboards, everybody's first. */
export function grafanaFolders(config: StackConfig, options: DashboardOptions): [GrafanaFolder, ...GrafanaFolder[]] {
  const { grafanaFolderUid, grafanaPeopleRole: peopleRole } = config;
  // Somebody else's Grafana may have permissions of its own, and a token that may not change them.
  const leastRole = config.grafanaFolderRole ?? (config.grafana === "in-cluster" ? "Viewer" : undefined);
  const shared = peopleRole === undefined ? options : { ...options, people: false };
  const { folder: title } = options.text;
  const edition = peopleEdition(options);
  return [
    {
      uid: grafanaFolderUid,
      title,
      readers: leastRole && { leastRole },
      dashboards: allDashboards(shared),
    },
    ...(peopleRole === undefined
      ? []
      : [
          {
            key: edition.key,
            uid: editionUid(grafanaFolderUid, edition),
            title: `${title}: ${edition.title}`,
            readers: { leastRole: peopleRole },
            dashboards: peopleDashboards(options, edition),
          },
        ]),
    ...(config.grafanaTeamFolders ? [...config.teams.keys()].map((team) => teamFolder(team, config, shared)) : []),
  ];
}

function teamFolder(team: string, { grafanaFolderUid }: StackConfig, shared: DashboardOptions): GrafanaFolder {
  const edition = { key: `team-${team}`, title: team };
  return {
    key: edition.key,
    uid: editionUid(grafanaFolderUid, edition),
    title: `${shared.text.folder}: ${edition.title}`,
    readers: { team },
    dashboards: [overviewDashboard({ ...shared, team, edition })],
  };
}
