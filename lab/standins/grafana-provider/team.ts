import { allBut } from "./alerting-properties";
import { pick, type ResourceKind, written } from "./resource-kind";

interface StoredTeam {
  readonly id: number;
  readonly uid: string;
  readonly name: string;
}

/** `grafana:oss/team:Team`, without its members: those stay Grafana's. */
export const team: ResourceKind = {
  get unsupported() {
    return allBut("grafana:oss/team:Team", ["name"]);
  },
  defaults: {},
  computed: ["teamId", "teamUid"],
  problems: (inputs): Record<string, string> =>
    "name" in inputs ? {} : { name: "missing (the real plugin would invent one)" },
  canonical: (_property, value) => value,
  ignores: () => false,
  replaces: () => false,
  uniqueName: undefined,
  create: async (api, inputs) => {
    const answer = await api.send<{ teamId: number }>("POST", "/api/teams", pick(inputs, ["name"]));
    return String(written(answer, "a team").teamId);
  },
  read: async (api, id) => {
    const found = await api.send<StoredTeam>("GET", team.path(id));
    return found && { name: found.name, teamId: found.id, teamUid: found.uid };
  },
  update: async (api, id, inputs) => {
    written(await api.send<object>("PUT", team.path(id), pick(inputs, ["name"])), `team ${id}`);
  },
  path: (id) => `/api/teams/${id}`,
};
