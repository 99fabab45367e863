import { dashboardOptions } from "../../config/dashboards";
import type { DashboardModel } from "../../dashboards/kit/dashboard";
import { allDashboards } from "../../dashboards/dashboards";
import { texts } from "../../dashboards/text/texts";
import { defaultConfig } from "../../cli/stack-file";

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly time: { readonly from: string };
  readonly panels: readonly Panel[];
}

const introduction = `# Panels

Written by \`npm run docs\` from the dashboards in English with the default configuration: what each panel says about
itself. Grafana shows a panel's queries under _Edit_; [queries.md](queries.md) explains them.`;

/** `docs/panels.md`: a line for each panel. Markdown, before formatting. */
export function panelsReference(): string {
  const options = { ...dashboardOptions(defaultConfig()), text: texts.en };
  const bySeat = allDashboards({ ...options, plan: { kind: "api", seats: { count: 10, price: 100 } } });
  const sections = allDashboards(options).map((dashboard, index) =>
    dashboardSection(model(dashboard), model(bySeat[index] ?? dashboard)),
  );
  return `${[introduction, ...sections].join("\n\n")}\n`;
}

function model({ json }: DashboardModel): Dashboard {
  return JSON.parse(json) as Dashboard;
}

function dashboardSection(dashboard: Dashboard, bySeat: Dashboard): string {
  const { title, description, uid, time, panels } = dashboard;
  const known = new Set(panels.map(({ id }) => id));
  return [
    `## ${title}`,
    `${description} (\`/d/${uid}\`, opens with \`${time.from}\`)`,
    ...panels.map((panel) => lines(panel)),
    ...bySeat.panels.filter(({ id }) => !known.has(id)).map((panel) => lines(panel, " (with `plan.seats`)")),
  ].join("\n");
}

function lines({ type, title, description }: Panel, note = ""): string {
  return type === "row" ? `\n### ${title}${note}\n` : `- **${title}${note}**: ${description.replaceAll("\n\n", " ")}`;
}
