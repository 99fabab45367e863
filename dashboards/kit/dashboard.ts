import {
  type Dashboard,
  DashboardBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  type RowPanel,
  VariableHide,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";

import { type PanelGroup, withGroups } from "./layout";
import type { DashboardOptions } from "../options";
import { namesPeople } from "../people";
import { rollupNames } from "../rollups/levels";
import { editionUid } from "../uids";
import type { PanelText } from "../text/text";
import { type Filter, filterVariables, type KnownSeries, scopeVariables, sourceVariable } from "./variables";

/** One dashboard: Grafana's JSON model, with a stable uid. */
export interface DashboardModel {
  readonly uid: string;
  readonly json: string;
}

/** Properties that differ between dashboards. */
export interface DashboardArgs {
  /** Stable, so that links survive every deployment. */
  readonly uid: string;
  readonly words: PanelText;
  /** Range shown at first, up to now, e.g. `now-24h`. */
  readonly from: string;
  readonly groups: readonly PanelGroup[];
  /** Refresh interval of an open dashboard. Default: `1m`. */
  readonly refresh?: string;
  /** Filters for the reader. Default: none, and panels do not choose their source by the range either. */
  readonly filters?: readonly Filter[];
  /** Series whose labels the filters offer. Default: those of the cost. */
  readonly filterSeries?: KnownSeries;
  /** Further variables for the reader. Default: none. */
  readonly variables?: readonly { build(): VariableModel }[];
}

/** Every dashboard carries it, so that they find each other. */
const tag = "claude-code";

/** A dashboard with the shared variables, links and time zone. */
export function dashboardModel(args: DashboardArgs, options: DashboardOptions): DashboardModel {
  const { edition, people = true } = options;
  const { words, refresh = "1m", filters, variables = [] } = args;
  const uid = edition === undefined ? args.uid : editionUid(args.uid, edition);
  const dashboard = new DashboardBuilder(edition === undefined ? words.title : `${words.title}: ${edition.title}`)
    .uid(uid)
    .description(words.description)
    .tags([tag])
    .timezone(options.timeZone)
    .time({ from: args.from, to: "now" })
    .refresh(refresh)
    .editable()
    .link(
      new DashboardLinkBuilder(options.text.otherDashboards)
        .type(DashboardLinkType.Dashboards)
        .tags([tag])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    );
  const shared =
    filters === undefined
      ? []
      : [
          sourceVariable(options),
          ...filterVariables(options, filters, args.filterSeries),
          ...scopeVariables(options, filters),
        ];
  for (const variable of [...shared, ...variables]) {
    dashboard.withVariable(variable);
  }
  withGroups(dashboard, args.groups, (panel) => people || !namesPeople(panel));
  return { uid, json: JSON.stringify(corrected(dashboard.build(), options.text.behind)) };
}

/** A panel, with a clause that says how far behind it is where roll-ups may answer it. */
function withDelay(panel: Panel | RowPanel, behind: string): Panel | RowPanel {
  const { targets = [], description = "" } = panel as {
    readonly targets?: readonly object[];
    readonly description?: string;
  };
  const queries = targets.map((target) => ("expr" in target ? String(target.expr) : ""));
  const rolledUp = queries.some((query) => query.includes(`${rollupNames.step}="`));
  return rolledUp ? { ...panel, description: `${description}\n\n${behind}` } : panel;
}

/** Settings that the SDK's builders lack. */
function corrected(model: Dashboard, behind: string): Dashboard {
  return {
    ...model,
    panels: model.panels?.map((panel) => withDelay(panel, behind)),
    // The SDK moves every link into the menu of controls, where Grafana leaves drop-downs out.
    links: model.links?.map((link) => ({ ...link, placement: undefined })),
    templating: {
      list: model.templating.list?.map((variable) => ({
        ...variable,
        // A value in an address wins over the query when the page loads; with another range it is the wrong source.
        skipUrlSync: variable.hide === VariableHide.HideVariable,
      })),
    },
  };
}
