import * as fs from "node:fs";
import * as path from "node:path";

import { Check } from "../../../doctor/checks/check";
import { examine } from "../../../doctor/command";
import { effectiveSettings, EffectiveSettings } from "../../../doctor/checks/effective";
import { DoctorOptions } from "../../../doctor/options";
import { Findings } from "../../../doctor/report";
import { Machine, Scope, Source } from "../../../doctor/sources";
import { removeTemporaryDirectory, temporaryDirectory } from "../../support/processes";

/** The contents of settings files, by scope; the shell's is its environment. */
export type Settings = Partial<Record<Scope, Readonly<Record<string, string>>>>;

/** Settings that nothing is wrong with, for a collector at `url`. */
export function goodSettings(url: string): Record<string, string> {
  return {
    CLAUDE_CODE_ENABLE_TELEMETRY: "1",
    CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: "1",
    OTEL_METRICS_EXPORTER: "otlp",
    OTEL_LOGS_EXPORTER: "otlp",
    OTEL_TRACES_EXPORTER: "otlp",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: "delta",
    OTEL_RESOURCE_ATTRIBUTES: "user=ada,team=core",
    OTEL_METRICS_INCLUDE_SESSION_ID: "true",
  };
}

/** Sources with the given settings, without files. */
export function sourcesOf(settings: Settings): Source[] {
  return Object.entries(settings).map(([scope, env]) => ({ scope: scope as Scope, where: `the ${scope} file`, env }));
}

/** What wins of the given settings. */
export function effectiveOf(settings: Settings): EffectiveSettings {
  return effectiveSettings(sourcesOf(settings));
}

/** A machine made of files in a folder of its own. */
export class TestMachine implements Machine {
  readonly folder = temporaryDirectory("doctor");
  readonly home = path.join(this.folder, "home");
  readonly project = path.join(this.folder, "project");
  readonly managedFolder = path.join(this.folder, "managed");
  readonly environment: Readonly<Record<string, string>>;

  constructor(settings: Settings) {
    this.environment = settings.shell ?? {};
    for (const [scope, env] of Object.entries(settings)) {
      if (scope !== "shell") {
        this.write(scope as Scope, { env });
      }
    }
  }

  /** The file of a scope. */
  file(scope: Scope): string {
    const files: Readonly<Record<Scope, string>> = {
      shell: "",
      user: path.join(this.home, ".claude", "settings.json"),
      project: path.join(this.project, ".claude", "settings.json"),
      local: path.join(this.project, ".claude", "settings.local.json"),
      managed: path.join(this.managedFolder, "managed-settings.json"),
      server: path.join(this.home, ".claude", "remote-settings.json"),
    };
    return files[scope];
  }

  /** Writes a settings file, an object as JSON. */
  write(scope: Scope, contents: object | string): void {
    fs.mkdirSync(path.dirname(this.file(scope)), { recursive: true });
    fs.writeFileSync(this.file(scope), typeof contents === "string" ? contents : JSON.stringify(contents));
  }

  remove(): void {
    removeTemporaryDirectory(this.folder);
  }
}

/** Options with short waits. */
export const quickly: DoctorOptions = {
  settings: undefined,
  prometheus: undefined,
  waitMs: 300,
  timeoutMs: 2000,
  json: false,
  bundle: undefined,
};

/** Runs the doctor on a machine that is removed afterwards. */
export async function examineMachine(
  settings: Settings,
  options: Partial<DoctorOptions> = {},
  prepare: (machine: TestMachine) => void = () => undefined,
): Promise<Findings> {
  const machine = new TestMachine(settings);
  try {
    prepare(machine);
    return await examine({ ...quickly, ...options }, machine);
  } finally {
    machine.remove();
  }
}

/** Runs the doctor on a machine whose managed settings are the good ones with some changed; empty means left out. */
export async function examineChanged(
  url: string,
  changes: Readonly<Record<string, string>>,
  options: Partial<DoctorOptions> = {},
): Promise<Findings> {
  const all = Object.entries({ ...goodSettings(url), ...changes });
  return examineMachine({ managed: Object.fromEntries(all.filter(([, value]) => value !== "")) }, options);
}

/** What is not ok, as `status name: message`. */
export function troubles({ checks }: { readonly checks: readonly Check[] }): string[] {
  return checks
    .filter(({ status }) => status !== "ok")
    .map(({ status, name, message }) => `${status} ${name}: ${message}`);
}
