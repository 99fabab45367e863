import { adoption } from "./adoption";
import { alerts } from "./alerts";
import { events } from "./events";
import { overview } from "./overview";
import { requests } from "./requests";
import { session } from "./session";
import { spend } from "./spend";
import { tools } from "./tools";
import { trust } from "./trust";

/** Every word that the dashboards show, in English. */
export const en = {
  folder: "Claude Code",
  people: "people",
  behind: "Long ranges are up to seven minutes behind, beyond 14 days about an hour.",
  otherDashboards: "Claude Code dashboards",
  variables: {
    user: "User",
    team: "Team",
    location: "Location",
    device: "Device",
    model: "Model",
    repository: "Repository",
  },
  overview,
  spend,
  adoption,
  requests,
  tools,
  session,
  events,
  trust,
  alerts,
} as const;
