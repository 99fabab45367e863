import type { Command } from "commander";

import type { ClaudeCodeSettings } from "../../client/settings";
import { stackCommand } from "../command";
import { deployedPulumiStack } from "../deployed";

interface SettingsOptions {
  readonly stack: string;
  readonly team?: string;
  readonly headersHelper?: string;
  readonly authorization?: true;
}

const headersVariable = "OTEL_EXPORTER_OTLP_HEADERS";

/** Adds `npm run settings`. */
export function register(monitor: Command): void {
  stackCommand(monitor, "settings")
    .usage("[options] > managed-settings.json")
    .description(
      "Prints the managed settings that make Claude Code clients send to the stack. Fill in user, team, location and " +
        "device.",
    )
    .option("--team <name>", "whose settings, with its credential, where the stack has teams")
    .option(
      "--headers-helper <path>",
      "leave the credential out, and have the command at this path on the clients' machines print it",
    )
    .option("--authorization", "print the team's credential alone, to be stored where the helper reads it")
    .action(async ({ stack, team, headersHelper, authorization }: SettingsOptions) => {
      const outputs = await (await deployedPulumiStack(stack)).outputs(true);
      const found = settingsOf(outputs["claudeCodeSettings"], team);
      const printed =
        authorization === true
          ? authorizationOf(found)
          : JSON.stringify(withHelper(found, headersHelper), undefined, 2);
      console.log(printed);
    });
}

/** The stack's settings, or those of a team where there are teams. */
function settingsOf(output: unknown, team: string | undefined): ClaudeCodeSettings {
  if (typeof output === "string") {
    if (team !== undefined) {
      throw new Error(`--team: found "${team}"; the stack has no teams, so expected nothing`);
    }
    return JSON.parse(output) as ClaudeCodeSettings;
  }
  const documents = output as Readonly<Record<string, string>>;
  const teams = Object.keys(documents).join(", ");
  const document = team === undefined ? undefined : documents[team];
  if (document === undefined) {
    throw new Error(`--team: found ${team === undefined ? "nothing" : `"${team}"`}; expected one of ${teams}`);
  }
  return JSON.parse(document) as ClaudeCodeSettings;
}

function authorizationOf({ env }: ClaudeCodeSettings): string {
  const headers = env[headersVariable];
  if (headers === undefined) {
    throw new Error("--authorization: the stack has no teams, so there is no credential");
  }
  return headers.replace(/^Authorization=/, "");
}

function withHelper(settings: ClaudeCodeSettings, helper: string | undefined): ClaudeCodeSettings {
  if (helper === undefined) {
    return settings;
  }
  const env = Object.fromEntries(Object.entries(settings.env).filter(([name]) => name !== headersVariable));
  return { otelHeadersHelper: helper, env };
}
