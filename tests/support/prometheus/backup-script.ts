import { execa } from "execa";
import * as fs from "node:fs";
import * as path from "node:path";

import { backupMetrics } from "../../../telemetry/backup-metrics";
import { ensureDebianPackages } from "../../../lab/lab";
import { freePorts } from "../loopback-ports";
import { pipelineBinaries } from "../collectors/pipeline-binaries";

/** Settings of one run. */
interface RunSettings {
  /** Takes metrics over OTLP/HTTP when a backup is complete. Default: nowhere. */
  readonly reportUrl?: string;
  /** How often a disturbed step is tried. Default: as the script has it. */
  readonly tries?: number;
}

/** How the script ended. */
export interface ScriptResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The script of the backup pods as a plain process, with the tools of Prometheus' image and no others. */
export class BackupScript {
  private constructor(
    private readonly tools: string,
    private readonly store: string,
    /** Where the copies are. */
    readonly backups: string,
  ) {}

  /** @param directory for the tools and the copies */
  static async prepare(store: "prometheus" | "loki" | "grafana", directory: string): Promise<BackupScript> {
    await ensureDebianPackages(["busybox-static"], { install: true });
    const tools = path.join(directory, "tools");
    const backups = path.join(directory, "backups");
    fs.mkdirSync(tools);
    fs.mkdirSync(backups);
    await execa("busybox", ["--install", "-s", tools]);
    const { prometheus, promtool } = await pipelineBinaries();
    for (const binary of [prometheus, promtool]) {
      fs.symlinkSync(binary, path.join(tools, path.basename(binary)));
    }
    return new BackupScript(tools, store, backups);
  }

  /** Takes a copy. @returns its name */
  async backup(data: string, keep = 7): Promise<string> {
    const { status, stdout, stderr } = await this.run(data, ["backup"], keep);
    if (status !== 0) {
      throw new Error(`backup ended with status ${status}: ${stderr}`);
    }
    return stdout.split(" ")[0] ?? "";
  }

  /** Runs any command of the script on a store's data. */
  async run(data: string, args: readonly string[], keep = 7, more: RunSettings = {}): Promise<ScriptResult> {
    const [port = 0] = await freePorts(1);
    const script = path.join(__dirname, "../../../components/backup/backup.sh");
    const env = {
      PATH: this.tools,
      DATA: data,
      BACKUPS: this.backups,
      KEEP: String(keep),
      PORT: String(port),
      ...(more.tries === undefined ? {} : { TRIES: String(more.tries) }),
      ...(more.reportUrl === undefined ? {} : { REPORT_URL: more.reportUrl, REPORT_AS: backupMetrics.completed.name }),
    };
    const shell = path.join(this.tools, "sh");
    const options = { env, extendEnv: false, reject: false } as const;
    const { exitCode, stdout, stderr } = await execa(shell, [script, this.store, ...args], options);
    return { status: exitCode ?? -1, stdout, stderr };
  }
}
