import type { ClaudeCodeSettings } from "../../../client/settings";
import type { PulumiStack } from "../../../cli/pulumi-stack";

/** Each team's Authorization header, from the settings that are handed out to clients. */
export async function teamAuthorizations(stack: PulumiStack): Promise<Map<string, string>> {
  const documents = (await stack.outputs(true))["claudeCodeSettings"] as Record<string, string>;
  return new Map(
    Object.entries(documents).map(([team, document]) => {
      const { env } = JSON.parse(document) as ClaudeCodeSettings;
      return [team, (env["OTEL_EXPORTER_OTLP_HEADERS"] ?? "").replace(/^Authorization=/, "")];
    }),
  );
}
