import type { GrafanaFolder } from "../components/grafana/folders";
import { grafanaRoles } from "../components/grafana/oidc";
import { allDashboards, peopleDashboards } from "../dashboards/dashboards";
import type { DashboardOptions, Edition } from "../dashboards/options";
import { overviewDashboard } from "../dashboards/overview/overview";
import { editionUid } from "../dashboards/uids";
import type { Grafana } from "./grafana";
import type { Teams } from "./teams";
import * as value from "./values";

export const title = "Folders and their readers";

export const schema = {
  folders: value.group({
    uid: value
      .matching("a folder uid of letters, digits, hyphens and underscores", /^[\w-]{1,40}$/)
      .prefault("claude-code-monitoring")
      .describe("Uid of the folder that holds dashboards and alerts"),
    role: value
      .optionalOneOf(...grafanaRoles)
      .describe(
        "Least role that sees the dashboards, `Viewer`, `Editor` or `Admin`; `Viewer` without, and in an `external` Grafana its folder's permissions are then left alone",
      ),
    peopleRole: value
      .optionalOneOf("Editor", "Admin")
      .describe(
        "Least role that sees people by name, `Editor` or `Admin`, in a folder of its own; dashboards in the other leave names out. Everybody who sees the dashboards without",
      ),
    perTeam: value.bool
      .prefault("false")
      .describe(
        "Whether each of `teams` has a folder with its own numbers, which the members of the Grafana team of that name see",
      ),
  }),
};

export type Folders = value.ValuesOf<typeof schema>;

/** Readers that nobody is, and names that more see than numbers. */
export function contradictions({ folders, teams }: Folders & Teams): string[] {
  const { role: least = "Viewer", peopleRole: people, perTeam } = folders;
  const problems: string[] = [];
  if (people !== undefined && grafanaRoles.indexOf(people) < grafanaRoles.indexOf(least)) {
    problems.push(`folders.peopleRole: found "${people}"; expected at least folders.role, "${least}"`);
  }
  if (perTeam && teams.size === 0) {
    problems.push('folders.perTeam: found "true"; without teams expected "false"');
  }
  return problems;
}

/** The edition with people, which has a folder of its own under the same key. */
export function peopleEdition({ text }: DashboardOptions): Edition {
  return { key: "people", title: text.people };
}

/** Folders with their dashboards, everybody's first. */
export function grafanaFolders(
  { folders, grafana, teams }: Folders & Grafana & Teams,
  options: DashboardOptions,
): [GrafanaFolder, ...GrafanaFolder[]] {
  const { uid, peopleRole, perTeam } = folders;
  // Somebody else's Grafana may have permissions of its own, and a token that may not change them.
  const leastRole = folders.role ?? (grafana.deployment === "in-cluster" ? "Viewer" : undefined);
  const shared = peopleRole === undefined ? options : { ...options, people: false };
  const ofEdition = (edition: Edition): Pick<GrafanaFolder, "key" | "uid" | "title"> => ({
    key: edition.key,
    uid: editionUid(uid, edition),
    title: `${options.text.folder}: ${edition.title}`,
  });
  const people = peopleEdition(options);
  const ofTeam = (team: string): GrafanaFolder => {
    const edition = { key: `team-${team}`, title: team };
    return {
      ...ofEdition(edition),
      readers: { team },
      dashboards: [overviewDashboard({ ...shared, team, edition })],
    };
  };
  return [
    { uid, title: options.text.folder, readers: leastRole && { leastRole }, dashboards: allDashboards(shared) },
    ...(peopleRole === undefined
      ? []
      : [
          {
            ...ofEdition(people),
            readers: { leastRole: peopleRole },
            dashboards: peopleDashboards(options, people),
          },
        ]),
    ...(perTeam ? [...teams.keys()].map(ofTeam) : []),
  ];
}
