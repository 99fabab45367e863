import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { basicAuthorization } from "../../client/authorization";
import { ensureGrafanaProviderStandIn, ensureGrafanaServerStandIn, ensureTools } from "../../lab/lab";
import { freePorts, loopback } from "../support/loopback-ports";
import { type ManagedProcess, startProcess, temporaryDirectory } from "../support/processes";

/** What the engine said, and how it counted: "+ 3 created" and the like. */
export interface Run {
  readonly failed: boolean;
  readonly output: string;
  readonly counts: readonly string[];
}

/** Grafana's administrator in these tests. */
export const admin = "admin:s3cret";
const [adminUser = "", adminPassword = ""] = admin.split(":");

/** A Pulumi project of its own, with the stand-in for Grafana's provider, that reads `settings.json`. */
export class GrafanaProject {
  readonly root: string;
  /** What the provider's stand-in was asked. */
  readonly recordFile: string;
  private environment: Record<string, string> = {};

  constructor(
    name: string,
    private readonly program: string,
  ) {
    this.root = temporaryDirectory(name);
    this.recordFile = path.join(this.root, "record.jsonl");
  }

  /** Makes the project and its stack. Builds what the cache lacks. */
  async create(settings: object): Promise<void> {
    const tools = await ensureTools(["pulumi", "pulumi-language-nodejs"]);
    const plugin = await ensureGrafanaProviderStandIn();
    this.environment = {
      PATH: [...[...Object.values(tools), plugin].map((file) => path.dirname(file)), process.env["PATH"]].join(":"),
      HOME: this.root,
      PULUMI_HOME: path.join(this.root, "pulumi"),
      PULUMI_BACKEND_URL: `file://${this.root}/state`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      CLAUDE_MONITORING_GRAFANA_STANDIN_LOG: this.recordFile,
    };
    for (const folder of [this.folder, path.join(this.root, "state")]) {
      fs.mkdirSync(folder);
    }
    for (const shared of ["node_modules", "tsconfig.json"]) {
      fs.symlinkSync(path.resolve(__dirname, "../..", shared), path.join(this.folder, shared));
    }
    fs.writeFileSync(path.join(this.folder, "package.json"), '{"name":"scratch","main":"index.js"}');
    fs.writeFileSync(path.join(this.folder, "Pulumi.yaml"), "name: scratch\nruntime: nodejs\n");
    fs.writeFileSync(path.join(this.folder, "index.js"), this.program);
    this.configure(settings);
    const run = await this.pulumi("stack", "init", "dev");
    assert.equal(run.failed, false, run.output);
  }

  /** What the program reads from now on. */
  configure(settings: object): void {
    fs.writeFileSync(path.join(this.folder, "settings.json"), JSON.stringify(settings));
  }

  pulumi(...args: string[]): Promise<Run> {
    return new Promise((resolve) => {
      const options = { cwd: this.folder, env: this.environment, timeout: 100_000 };
      execFile("pulumi", [...args, "--non-interactive"], options, (error, stdout, stderr) => {
        const summary = /^Resources:\n((?: {4}.*\n)+)/m.exec(stdout)?.[1] ?? "";
        const counts = summary.trim().split(/\n\s*/);
        resolve({ failed: error !== null, output: stdout + stderr, counts });
      });
    });
  }

  up(...args: string[]): Promise<Run> {
    return this.pulumi("up", "--yes", "--skip-preview", ...args);
  }

  /** What the provider's stand-in was asked, as lines of JSON. */
  recorded(): string {
    return fs.existsSync(this.recordFile) ? fs.readFileSync(this.recordFile, "utf8") : "";
  }

  private get folder(): string {
    return path.join(this.root, "project");
  }
}

/** A place for the server's stand-in: an address that stays, and a folder for its database. */
export class GrafanaPlace {
  private constructor(
    readonly url: string,
    private readonly data: string,
  ) {}

  /** @param data folder of the database, which is made */
  static async create(data: string): Promise<GrafanaPlace> {
    fs.mkdirSync(data);
    const [port = 0] = await freePorts(1);
    return new GrafanaPlace(`http://${loopback}:${port}`, data);
  }

  async start(password = adminPassword, delaySeconds = 0): Promise<ManagedProcess> {
    return startProcess({
      name: "grafana-server-standin",
      command: await ensureGrafanaServerStandIn(),
      args: [],
      logFile: `${this.data}.log`,
      env: {
        GF_PATHS_DATA: this.data,
        GF_SERVER_HTTP_ADDR: loopback,
        GF_SERVER_HTTP_PORT: new URL(this.url).port,
        GF_SECURITY_ADMIN_PASSWORD: password,
        STANDIN_START_DELAY: String(delaySeconds),
      },
    });
  }

  /** Deletes the database; the server must not be running. */
  wipe(): void {
    fs.rmSync(this.data, { recursive: true });
    fs.mkdirSync(this.data);
  }

  /** The answer of Grafana's API; undefined where there is no such object. */
  async ask(method: string, api: string, body?: object): Promise<unknown> {
    const headers = { Authorization: basicAuthorization(adminUser, adminPassword) };
    const response = await fetch(this.url + api, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    assert.equal(response.headers.get("x-stand-in"), "grafana-server");
    return response.status === 404 ? undefined : response.json();
  }
}
