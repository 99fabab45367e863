import { type Feature, features, settings } from "../../config/schema";
import type { Setting } from "../../config/settings";
import { examples } from "./configuration-examples";

const introduction = `# Configuration

Written by \`npm run docs\` from the schemas in \`config/\`. Values are in a stack's file, \`Pulumi.<stack>.yaml\`, and are set
there by hand or by their path:

\`\`\`bash
pulumi config set exposure LoadBalancer
pulumi config set --path budgets.monthly 20000
pulumi config set --path 'teams[0]' platform
pulumi config set --secret --path alerting.slackUrl https://hooks.slack.com/services/…
npm run up -- --config grafana.deployment=none --config 'teams=[platform, web]'
\`\`\`

Every key may be left out. Wrong values and unknown keys are refused before anything is created, all at once; a key of an
earlier version is refused with its new path. Durations are such as \`90s\`, \`24h\` or \`15d\`, sizes such as \`512Mi\` or
\`10Gi\`. In the tables \`[]\` stands for each element of a list and \`<name>\` for a name of your own.`;

/** `docs/configuration.md`: a section for each feature. Markdown, before formatting. */
export function configurationReference(): string {
  return `${[introduction, ...features.map(section)].join("\n\n")}\n`;
}

function section({ title, schema }: Feature): string {
  const rows = settings.filter(({ path }) => (/^\w+/.exec(path)?.[0] ?? "") in schema).map(row);
  const example = examples[title];
  return [
    `## ${title}`,
    ["| Key | Default | Meaning |", "| --- | --- | --- |", ...rows].join("\n"),
    ...(example?.notes === undefined ? [] : [example.notes]),
    ...(example === undefined ? [] : [`\`\`\`yaml\nconfig:${example.yaml.replaceAll("\n", "\n  ")}\n\`\`\``]),
  ].join("\n\n");
}

function row({ path, default: value, description, secret }: Setting): string {
  const kept = secret ? " Secret." : "";
  // A bar ends a cell, also within code.
  const cells = [`\`${path}\``, shown(value), `${description}.${kept}`].map((cell) => cell.replaceAll("|", "\\|"));
  return `| ${cells.join(" | ")} |`;
}

function shown(value: unknown): string {
  const parts = Array.isArray(value) ? value : typeof value === "object" || value === undefined ? [] : [value];
  return parts.length === 0 ? "" : `\`${parts.join(", ")}\``;
}
