import { dashboardOptions } from "../../config/dashboards";
import { billUid } from "../../dashboards/bill/bill";
import type { DashboardModel } from "../../dashboards/kit/dashboard";
import { allDashboards } from "../../dashboards/dashboards";
import { texts } from "../../dashboards/text/texts";
import { defaultConfig } from "../../cli/stack-file";
import { day } from "../../units";

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
  const whole = allDashboards({
    ...options,
    plan: { kind: "api", seats: { count: 10, price: 100 } },
    bill: { minCoverage: 0.95, maxUnexplainedUsd: 10, settleAfterSeconds: 2 * day },
  });
  const sections = allDashboards(options).map((dashboard, index) =>
    dashboardSection(model(dashboard), model(whole[index] ?? dashboard)),
  );
  return `${[introduction, ...sections].join("\n\n")}\n`;
}

function model({ json }: DashboardModel): Dashboard {
  return JSON.parse(json) as Dashboard;
}

function dashboardSection(dashboard: Dashboard, whole: Dashboard): string {
  const { title, description, uid, time, panels } = dashboard;
  const known = new Set(panels.map(({ id }) => id));
  return [
    `## ${title}`,
    `${description} (\`/d/${uid}\`, opens with \`${time.from}\`)`,
    ...panels.map((panel) => lines(panel)),
    ...whole.panels.filter(({ id }) => !known.has(id)).map((panel) => lines(panel, ` (with \`${neededKey(uid)}\`)`)),
  ].join("\n");
}

/** The key of the configuration that a dashboard's further panels need. */
function neededKey(uid: string): string {
  return uid === billUid ? "bill.key" : "plan.seats";
}

function lines({ type, title, description }: Panel, note = ""): string {
  return type === "row" ? `\n### ${title}${note}\n` : `- **${title}${note}**: ${description.replaceAll("\n\n", " ")}`;
}
