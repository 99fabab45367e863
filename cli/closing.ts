/** The end of `npm run up`: addresses to open, and lines to type in a client. */
export function closing(stack: string, outputs: Readonly<Record<string, unknown>>): string {
  const { grpc, http } = outputs["otlpEndpoint"] as { grpc: string; http: string };
  const lines = clientLines(outputs["claudeCodeSettings"], stack);
  const { grafanaUrl, dashboardUrl, grafanaAdminUser } = outputs as Readonly<Record<string, string | undefined>>;
  // A Grafana that was there already has its own users.
  const user = grafanaAdminUser === undefined ? "" : ` as ${grafanaAdminUser}`;
  const grafana =
    grafanaUrl === undefined
      ? ["Grafana:    left out (see above)"]
      : [`Grafana:    ${grafanaUrl}${user}`, `Dashboard:  ${dashboardUrl}`];
  return [
    "",
    `Stack ${stack} is up.`,
    ...grafana,
    `OTLP:       ${http} (HTTP), ${grpc} (gRPC)`,
    "",
    ...lines,
    "What arrives: npm run status.",
  ].join("\n");
}

/** Lines to type on a client's machine. */
function clientLines(settings: unknown, stack: string): string[] {
  if (settings === "[secret]") {
    return [
      "Each team has a credential, and settings that hold it:",
      `  npm run --silent settings -- --stack ${stack} --team NAME > managed-settings.json`,
    ];
  }
  const { env } = JSON.parse(settings as string) as { env: Record<string, string> };
  const attributes = `user=$USER,team=YOUR_TEAM,location=YOUR_LOCATION,device=$(hostname)`;
  return [
    "In the shell where you start Claude Code:",
    ...Object.entries({ ...env, OTEL_RESOURCE_ATTRIBUTES: attributes }).map(
      ([key, value]) => `  export ${key}="${value}"`,
    ),
    "  claude",
    "",
    "For a whole team: npm run --silent settings > managed-settings.json.",
  ];
}
