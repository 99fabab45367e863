import { parseArgs } from "node:util";

import type { ClaudeCodeSettings } from "../client/settings";
import { runCommand } from "./progress";
import { pulumiStackOn, savedTarget, targetEnvironment } from "./target";

const help = `Usage: npm run --silent settings -- [options] > managed-settings.json

Prints the managed settings that make Claude Code clients send to the stack. Fill in user, team, location and device.

  --stack NAME           dev (default) or prod
  --team NAME            whose settings, with its credential, where the stack has teams
  --headers-helper PATH  leave the credential out, and have the command at PATH on the clients' machines print it
  --authorization        print the team's credential alone, to be stored where the helper reads it
  --help                 show this`;

const headersVariable = "OTEL_EXPORTER_OTLP_HEADERS";

runCommand(async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      stack: { type: "string", default: "dev" },
      team: { type: "string" },
      "headers-helper": { type: "string" },
      authorization: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const target = savedTarget(values.stack);
  const stack = pulumiStackOn(values.stack, target, await targetEnvironment(target));
  const settings = settingsOf((await stack.outputs(true))["claudeCodeSettings"], values.team);
  if (values.authorization) {
    console.log(authorizationOf(settings));
  } else {
    console.log(JSON.stringify(withHelper(settings, values["headers-helper"]), undefined, 2));
  }
  return 0;
});

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
