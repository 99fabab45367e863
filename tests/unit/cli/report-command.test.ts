import type { Command } from "commander";
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { outputFile, register, type ReportOptions, writeReport } from "../../../cli/commands/report";
import { reportStack } from "../../../config/report";
import { PrometheusApi } from "../../../cli/prometheus-api";
import { readReport, type ReportRequest, type ReportStack } from "../../../cli/report/report";
import { stackConfig } from "../../../cli/stack-file";
import { texts } from "../../../dashboards/text/texts";
import { day } from "../../../units";
import { loadParser, parses } from "../dashboards/promql";
import { type } from "./command-line";

before(loadParser);

describe("npm run report", () => {
  it("takes its defaults and options", async () => {
    const seen: ReportOptions[] = [];
    const command = (monitor: Command) => {
      register(monitor, (options) => Promise.resolve(void seen.push(options)));
    };
    await type(command, "report", "--month", "2026-11");
    const all = ["--team", "web", "--format=html", "--time-zone", "Asia/Taipei", "--output", "x.html", "--force"];
    await type(command, "report", "--month=2026-10", "--stack", "prod", ...all);
    assert.deepEqual(seen, [
      { stack: "dev", month: "2026-11", format: "csv" },
      {
        stack: "prod",
        month: "2026-10",
        team: "web",
        format: "html",
        timeZone: "Asia/Taipei",
        output: "x.html",
        force: true,
      },
    ]);
    // Standard output is the report.
    assert.match(await type(command, "report", "--help"), /^Usage: npm run --silent report -- --month 2026-11/);
  });

  for (const [args, message] of [
    [[], /required option '--month <month>' not specified/],
    [["--month", "november"], /^--month: found "november"; expected a month such as 2026-11$/],
    [["--month", "2026-11", "--format", "pdf"], /^--format: found "pdf"; expected one of csv, html$/],
    [["--month", "2026-11", "--time-zone", "Mars"], /^--time-zone: found "Mars"; expected an IANA name such as UTC/],
    [["--month", "2026-11", "--stack", "test"], /^--stack: found "test"; expected one of dev, prod$/],
  ] as const) {
    it(`refuses ${args.join(" ") || "no month"}`, async () => {
      await assert.rejects(type(register, "report", ...args), { message });
    });
  }

  it("asks the stack's configuration for budgets, teams, plan and language", () => {
    const config = stackConfig("dev", {
      language: "zh-TW",
      "budgets.monthly": 5000,
      "budgets.teams": { web: { monthly: 3000 }, api: { daily: 5 } },
      "budgets.perUser.monthly": 200,
      teams: ["web", "api"],
      teamRules: [{ attribute: "user.groups", value: "x", team: "ruled" }],
      "prometheus.retention": "90d",
    });
    const { words, ...stack } = reportStack(config);
    assert.deepEqual(stack, {
      plan: { kind: "api" },
      budgets: { organisation: 5000, teams: new Map([["web", 3000]]), user: 200 },
      teams: ["web", "api", "ruled"],
      retention: 90 * day,
    });
    assert.equal(words.total, "總計");
  });
});

describe("the file of a report", () => {
  let folder: string;
  const startedIn = process.env["INIT_CWD"];

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "report-file-"));
    process.env["INIT_CWD"] = folder;
    fs.writeFileSync(path.join(folder, "old.csv"), "old");
  });

  afterEach(() => {
    if (startedIn === undefined) {
      delete process.env["INIT_CWD"];
    } else {
      process.env["INIT_CWD"] = startedIn;
    }
    fs.rmSync(folder, { recursive: true });
  });

  it("is where npm was started, and an existing one only by force", () => {
    assert.equal(outputFile("new.csv", false), path.join(folder, "new.csv"));
    assert.equal(outputFile("old.csv", true), path.join(folder, "old.csv"));
    assert.throws(() => outputFile("old.csv", false), {
      message: '--output: found "old.csv", which exists; expected a new file, or --force to overwrite it',
    });
    assert.throws(() => outputFile(folder, true), /--output: found ".*", which is a folder; expected a file to write/);
    assert.throws(() => outputFile("", false), /--output: found "", which is a folder/);
    assert.throws(
      () => outputFile("none/new.csv", false),
      /--output: found "none\/new.csv", whose folder does not exist/,
    );
  });

  it("is written once everything is read, and not for a team that is unknown", async () => {
    const get = () =>
      Promise.resolve({
        data: {
          resultType: "vector",
          result: [{ metric: { part: "metered", team: "web", user: "bo" }, value: [0, "1.5"] }],
        },
      });
    const prometheus = new PrometheusApi({ get, post: () => Promise.reject(new Error("posted")) });
    const open = () => ({ config: stackConfig("dev", { timeZone: "Asia/Taipei" }), prometheus });
    const month = new Date().toISOString().slice(0, 7);
    const options: ReportOptions = { stack: "dev", month, format: "csv", output: "new.csv" };
    const file = path.join(folder, "new.csv");
    await assert.rejects(writeReport({ ...options, team: "wbe" }, open), /--team: found "wbe"; expected one of web/);
    assert.ok(!fs.existsSync(file));
    await writeReport(options, open);
    const text = fs.readFileSync(file, "utf8");
    assert.match(text, new RegExp(`^\\uFEFFLine,.*\r\nteam,${month},web,"web, all users",\\d+\\.[05]0,0.00,`));
    assert.match(text, /Days begin at midnight in Asia\/Taipei/);
    await assert.rejects(writeReport(options, open), /--output: found "new.csv", which exists/);
    await writeReport({ ...options, format: "html", force: true, timeZone: "UTC" }, open);
    assert.match(fs.readFileSync(file, "utf8"), /^<!doctype html>[^]*Days begin at midnight in UTC/);
  });
});

describe("reading a report", () => {
  const noon = Date.parse("2026-11-29T12:00:00Z") / 1000;
  const stack: ReportStack = {
    words: texts.en.report,
    plan: { kind: "api" },
    budgets: { organisation: undefined, teams: new Map(), user: undefined },
    teams: ["idle"],
    retention: 400 * day,
  };
  const october: ReportRequest = { month: "2026-10", timeZone: "UTC" };

  interface Asked {
    readonly query: string;
    readonly time: number;
  }

  interface Stub {
    readonly asked: Asked[];
    readonly prometheus: PrometheusApi;
  }

  /** A Prometheus that gives each day of each month these series, and these days as read. */
  function stub(series: readonly (Readonly<Record<string, string>> & { readonly usd: string })[], read = 0): Stub {
    const asked: Asked[] = [];
    const get = (address: string) => {
      const search = new URL(address, "http://localhost").searchParams;
      const query = search.get("query") ?? "";
      asked.push({ query, time: Number(search.get("time")) });
      const days = Array.from({ length: read }, (_, index) => ({
        metric: { day: `2026-10-${String(index + 1).padStart(2, "0")}` },
        value: [0, "1"],
      }));
      const costs = series.map(({ usd, ...metric }) => ({ metric, value: [0, usd] }));
      return Promise.resolve({ data: { resultType: "vector", result: query.includes("day_read") ? days : costs } });
    };
    return { asked, prometheus: new PrometheusApi({ get, post: () => Promise.reject(new Error("posted")) }) };
  }

  const metered = { part: "metered", team: "web", user: "bo", usd: "2" };
  const charged = { part: "charged", team: "web", user: "bo", product: "claude_code", charged_to: "person", usd: "1" };

  it("asks for each day of both months by itself, up to a millisecond before its end", async () => {
    const { asked, prometheus } = stub([metered]);
    const report = await readReport(prometheus, { ...october, timeZone: "Europe/Berlin" }, stack, noon);
    assert.equal(asked.length, 31 + 30);
    assert.ok(asked.every(({ query }) => parses(query)));
    assert.equal(asked[0]!.time, Date.parse("2026-10-01T21:59:59.999Z") / 1000);
    assert.deepEqual([...new Set(asked.flatMap(({ query }) => query.match(/\[\d+s\]/g)))], ["[86400s]", "[90000s]"]);
    assert.deepEqual([report.lines.at(-1)!.metered, report.lines.at(-1)!.change], [6200, 2 / 60]);
    assert.deepEqual(report.notes.slice(0, 1), ["Days begin at midnight in Europe/Berlin. Amounts are USD."]);
    assert.deepEqual(report.notes.slice(3), [
      "Charged amounts are missing: no bill was read. Set bill.key in the stack's configuration to read it.",
    ]);
  });

  it("says how days and zones of the bill differ, and for how many days it was read", async () => {
    const berlin = await readReport(
      stub([charged], 31).prometheus,
      { ...october, timeZone: "Europe/Berlin" },
      stack,
      noon,
    );
    const utc = await readReport(stub([charged], 30).prometheus, october, stack, noon);
    const basic = "Charged is what the provider charged, after discounts and before credits.";
    assert.deepEqual(berlin.notes.slice(3), [
      basic,
      "The provider's days are those of UTC: each counts for the month that holds its noon.",
    ]);
    assert.deepEqual(utc.notes.slice(3), [
      basic,
      "The bill was read for 30 of 31 days so far: what was charged is incomplete.",
    ]);
  });

  it("explains a guessed price where there is one", async () => {
    const { notes } = await readReport(stub([{ ...metered, part: "guessed" }]).prometheus, october, stack, noon);
    assert.match(notes[3]!, /^A model that is no Claude and that prices do not name has a guessed price/);
  });

  it("compares no month that is not over", async () => {
    const { asked, prometheus } = stub([metered]);
    const { lines, notes } = await readReport(prometheus, { ...october, month: "2026-11" }, stack, noon);
    assert.equal(asked.length, 29);
    assert.equal(lines.at(-1)!.change, undefined);
    assert.equal(
      notes.at(-1),
      "The month is not over. It is shown up to 2026-11-29 12:00, and not compared with the month before.",
    );
  });

  it("compares with no month that Prometheus has dropped, even in part, and says so", async () => {
    // The beginning of September and October is 89.5 and 59.5 days ago.
    const kept = (days: number) =>
      readReport(stub([metered]).prometheus, october, { ...stack, retention: days * day }, noon);
    assert.ok((await kept(90)).lines.at(-1)!.change);
    const [most, less] = [await kept(89), await kept(59)];
    assert.deepEqual([most.lines.at(-1)!.change, less.lines.at(-1)!.change], [undefined, undefined]);
    assert.deepEqual(most.notes.slice(4), [
      "Prometheus keeps samples for 89d: the month before is gone, at least in part.",
    ]);
    assert.deepEqual(less.notes.slice(4), [
      "Prometheus keeps samples for 59d: the begin of the month is gone.",
      "Prometheus keeps samples for 59d: the month before is gone, at least in part.",
    ]);
  });

  for (const [request, message, queries] of [
    [
      { month: "2026-12" },
      '--month: found "2026-12", which has not begun in UTC; expected 2026-11 or an earlier month',
      0,
    ],
    [
      { month: "2025-09" },
      '--month: found "2025-09"; expected 2025-10 or later, as Prometheus keeps no older samples (prometheus.retention)',
      0,
    ],
    [{ team: "wbe" }, '--team: found "wbe"; expected one of idle, web', 31],
  ] as const) {
    it(`refuses ${JSON.stringify(request)}`, async () => {
      const { asked, prometheus } = stub([metered]);
      await assert.rejects(readReport(prometheus, { ...october, ...request }, stack, noon), { message });
      assert.equal(asked.length, queries);
    });
  }

  it("takes a month that has begun in its zone, and not yet elsewhere", async () => {
    const lastHour = Date.parse("2026-11-30T17:00:00Z") / 1000;
    const december = { month: "2026-12", timeZone: "Asia/Taipei" };
    const { days } = await readReport(stub([metered]).prometheus, december, stack, lastHour);
    assert.deepEqual(
      days.slice(0, 2).map(({ metered: usd }) => usd),
      [2, 0],
    );
    await assert.rejects(readReport(stub([]).prometheus, { ...december, timeZone: "UTC" }, stack, lastHour));
  });

  it("knows a team of the configuration that reported nothing, and none where there is none", async () => {
    const { lines } = await readReport(stub([metered]).prometheus, { ...october, team: "idle" }, stack, noon);
    assert.deepEqual(
      lines.map(({ kind, metered: cents }) => [kind, cents]),
      [["total", 0]],
    );
    const nobody = { ...stack, teams: [] };
    await assert.rejects(readReport(stub([]).prometheus, { ...october, team: "web" }, nobody, noon), {
      message: '--team: found "web"; expected no --team, as no team is known',
    });
  });
});
