import { imageTag, images } from "../components/kubernetes/images";
import type { DashboardModel } from "../dashboards/kit/dashboard";
import type { DashboardOptions, DataSourceReference } from "../dashboards/options";

type SourceType = DataSourceReference["type"];

/** The names under which Grafana's import asks for data sources, and those of the kinds. */
const inputs: Readonly<Record<SourceType, { readonly name: string; readonly kind: string }>> = {
  prometheus: { name: "DS_PROMETHEUS", kind: "Prometheus" },
  loki: { name: "DS_LOKI", kind: "Loki" },
  tempo: { name: "DS_TEMPO", kind: "Tempo" },
};

/** Placeholder in dashboards for import: Grafana replaces it with the data source that the user picks. */
function imported<Type extends SourceType>(type: Type): { readonly type: Type; readonly uid: string } {
  return { type, uid: `\${${inputs[type].name}}` };
}

/** The options of dashboards that are meant for import, with every store that the stack has. */
export function importedOptions(options: DashboardOptions): DashboardOptions {
  const { events } = options;
  return {
    ...options,
    dataSource: imported("prometheus"),
    ...(events === undefined
      ? {}
      : {
          events: {
            loki: imported("loki"),
            ...(events.tempo === undefined ? {} : { tempo: imported("tempo") }),
          },
        }),
  };
}

/** Names that Grafana shows for the kinds of panels it must have. */
const panelNames: Readonly<Record<string, string>> = {
  alertlist: "Alert list",
  bargauge: "Bar gauge",
  logs: "Logs",
  piechart: "Pie chart",
  stat: "Stat",
  table: "Table",
  text: "Text",
  timeseries: "Time series",
};

interface Model extends Readonly<Record<string, unknown>> {
  readonly panels: readonly { readonly type: string }[];
}

/**
 * A dashboard as Grafana's import takes it: it asks for the data sources that it needs, and keeps the uid.
 *
 * @param dashboard built with {@link importedOptions}
 */
export function importable({ json }: DashboardModel): object {
  const model = JSON.parse(json) as Model;
  const sources = Object.entries(inputs).filter(([, { name }]) => json.includes(`\${${name}}`));
  return {
    __inputs: sources.map(([type, { name, kind }]) => ({
      name,
      label: kind,
      description: `Claude Code ${kind}`,
      type: "datasource",
      pluginId: type,
      pluginName: kind,
    })),
    __requires: [
      { type: "grafana", id: "grafana", name: "Grafana", version: imageTag(images.grafana) },
      ...sources.map(([type, { kind }]) => ({ type: "datasource", id: type, name: kind, version: "1.0.0" })),
      ...panelRequirements(model),
    ],
    // With an id Grafana would look for a dashboard of its own to overwrite.
    id: null,
    ...model,
  };
}

/** Panels come with Grafana, so they have no version of their own. */
function panelRequirements({ panels }: Model): object[] {
  const types = new Set(panels.map(({ type }) => type));
  return Object.entries(panelNames)
    .filter(([id]) => types.has(id))
    .map(([id, name]) => ({ type: "panel", id, name, version: "" }));
}
