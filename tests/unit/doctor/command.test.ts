import { execa } from "execa";
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { bundleDoctor } from "../../../doctor/bundle";
import { parseDoctorOptions } from "../../../doctor/options";
import { asJson, asText } from "../../../doctor/report";
import { loopback } from "../../support/loopback-ports";
import { removeTemporaryDirectory, temporaryDirectory } from "../../support/processes";
import { examineMachine, goodSettings } from "./machine";
import { Servers, testServers } from "./servers";

describe("the doctor's command line", () => {
  const refused: readonly (readonly [string[], RegExp])[] = [
    [["--nonsense"], /--nonsense/],
    [["file.json"], /file\.json/],
    [["--settings"], /--settings/],
    [["--prometheus", "localhost:9090"], /^Error: --prometheus: expected a URL such as/],
    [["--timeout", "0"], /^Error: --timeout: found "0"; expected seconds/],
    [["--timeout", "soon"], /^Error: --timeout: found "soon"; expected seconds/],
    [["--wait", "601"], /^Error: --wait: found "601"; expected seconds/],
  ];
  for (const [args, expected] of refused) {
    it(`refuses ${args.join(" ")}`, () => {
      assert.throws(() => parseDoctorOptions(args), expected);
    });
  }

  it("has defaults, and help that sends nothing", () => {
    const defaults = { settings: undefined, prometheus: undefined, waitMs: 15_000, timeoutMs: 10_000 };
    assert.deepEqual(parseDoctorOptions([]), { ...defaults, json: false, bundle: undefined });
    assert.equal(parseDoctorOptions(["--help", "--json"]), undefined);
  });
});

describe("the doctor's report", () => {
  const servers = new Servers();

  afterEach(() => {
    servers.stop();
  });

  it("holds no header, password or token, also if the server repeats it", async () => {
    const text = "token-of-the-team is wrong, and so is word-of-ada and helper-word";
    const port = await servers.http([], () => ({ status: 401, text }));
    const managed = {
      ...goodSettings(`http://ada:endpoint-password@${loopback}:${port}`),
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer token-of-the-team",
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: "x-key=word-of-ada",
    };
    const user = { HTTPS_PROXY: "http://ada:proxy-password@proxy:1", OTEL_EXPORTER_OTLP_HEADERS: "x=headers-beaten" };
    const findings = await examineMachine({ user }, {}, (machine) => {
      machine.write("managed", { env: managed, otelHeadersHelper: `echo '{"X-Helper":"helper-word"}'` });
    });
    for (const report of [asText(findings), asJson(findings)]) {
      assert.match(report, /answered 401: \(not shown\) is wrong/);
      assert.doesNotMatch(report, /token-of|word-of|helper-word|endpoint-password|proxy-password|headers-beaten/);
    }
  });

  it("tells for each key which source wins, and what it beats", async () => {
    const port = await servers.http([]);
    const managed = goodSettings(`http://${loopback}:${port}`);
    const shell = { OTEL_METRICS_EXPORTER: "console", OTEL_EXPORTER_OTLP_HEADERS: "a=b" };
    const project = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://elsewhere" };
    const findings = await examineMachine({ shell, project, managed });
    const text = asText(findings);
    assert.match(
      text,
      /^ {2}OTEL_METRICS_EXPORTER=otlp {2}\(managed: .*managed-settings\.json; beats shell "console"\)$/m,
    );
    assert.match(text, /^ {2}OTEL_EXPORTER_OTLP_HEADERS=\(not shown\) {2}\(shell\)$/m);
    assert.match(text, /^ok {7}traces: http:.*accepts exports$/m);
    assert.match(
      text,
      /^warning {2}ignored: OTEL_EXPORTER_OTLP_ENDPOINT in .*settings\.json: .*\n {9}Remove it there/m,
    );
    assert.match(text, /\n\d+ ok, 1 warnings, 0 failed$/);
    const json = JSON.parse(asJson(findings)) as {
      ok: boolean;
      settings: { key: string; value: string; scope: string; beats: { scope: string }[] }[];
      ignored: { key: string; scope: string }[];
      checks: { name: string; status: string }[];
    };
    assert.equal(json.ok, true);
    const exporter = json.settings.find(({ key }) => key === "OTEL_METRICS_EXPORTER")!;
    assert.deepEqual([exporter.value, exporter.scope, exporter.beats[0]!.scope], ["otlp", "managed", "shell"]);
    assert.deepEqual([json.ignored[0]!.key, json.ignored[0]!.scope], ["OTEL_EXPORTER_OTLP_ENDPOINT", "project"]);
    assert.ok(json.checks.some(({ name, status }) => name === "metrics" && status === "ok"));
  });
});

describe("the doctor as a single file", function () {
  this.timeout(20_000);
  const { servers, seen } = testServers();
  let folder: string;
  let file: string;

  before(() => {
    folder = temporaryDirectory("doctor-alone");
    file = path.join(folder, "doctor.mjs");
    bundleDoctor(file);
  });

  after(() => {
    removeTemporaryDirectory(folder);
  });

  /** With plain Node.js, from an empty folder, where nothing of this repository can be found. */
  async function alone(...args: readonly string[]) {
    const cwd = temporaryDirectory("doctor-empty");
    try {
      fs.copyFileSync(file, path.join(cwd, "doctor.mjs"));
      fs.copyFileSync(path.join(folder, "settings.json"), path.join(cwd, "settings.json"));
      return await execa(process.execPath, ["doctor.mjs", ...args], {
        cwd,
        env: { PATH: process.env["PATH"], HOME: cwd },
        extendEnv: false,
        reject: false,
      });
    } finally {
      removeTemporaryDirectory(cwd);
    }
  }

  async function collector(status: number): Promise<void> {
    const port = await servers.http(seen, () => ({ status }));
    const settings = { env: goodSettings(`http://${loopback}:${port}`) };
    fs.writeFileSync(path.join(folder, "settings.json"), JSON.stringify(settings));
  }

  it("imports nothing but Node.js' own modules", () => {
    const imports = [...fs.readFileSync(file, "utf8").matchAll(/^import .* from "(.*)";$|require\("(.*)"\)/gm)];
    assert.ok(imports.length > 5);
    assert.deepEqual(
      imports.filter(([, name = ""]) => !name.startsWith("node:")),
      [],
    );
  });

  it("ends with 0 where nothing failed, with 1 where something did", async () => {
    await collector(200);
    const good = await alone("--settings", "settings.json");
    assert.equal(good.exitCode, 0, good.stdout + good.stderr);
    assert.match(good.stdout, /^ok {7}marked export: accepted/m);
    assert.equal(seen.length, 4);
    await collector(503);
    const bad = await alone("--settings", "settings.json", "--json");
    assert.equal(bad.exitCode, 1);
    assert.equal((JSON.parse(bad.stdout) as { ok: boolean }).ok, false);
  });

  it("without settings names what lacks; helps; and refuses wrong arguments with one line", async () => {
    const bare = await alone();
    assert.equal(bare.exitCode, 1);
    assert.match(bare.stdout, /^FAILED {3}telemetry: /m);
    const help = await alone("--help");
    assert.deepEqual([help.exitCode, help.stdout.startsWith("Usage: ")], [0, true]);
    const wrong = await alone("--nonsense");
    assert.equal(wrong.exitCode, 1);
    assert.match(wrong.stderr, /^\nFailed: [^\n]*--nonsense[^\n]*$/);
    assert.match((await alone("--bundle", "x")).stderr, /^\nFailed: --bundle: [^\n]*$/);
  });
});
