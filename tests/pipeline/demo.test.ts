import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { clientMetrics, type MetricKey } from "../../synthetic/client-metrics";
import { demo, type Demo } from "../../synthetic/demo";
import { removeDemo } from "../../cli/demo/remove";
import { sendAll } from "../../cli/demo/send";
import { metrics } from "../../telemetry/client-metrics";
import { countMetrics, histogramMetrics, ledgerMetrics } from "../../telemetry/event-metrics";
import { labels } from "../../telemetry/labels";
import { runLoad } from "../support/clients/load-generator";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { type ManagedProcess, startProcess, waitUntil } from "../support/processes";
import { hourMs } from "../../units";

const matchers = 'claude_monitoring_demo="true"';
/** A demo, whole, and what is counted at its arrival. */
const window = "25h";
const adminApi = "--web.enable-admin-api";

/** Integer amounts by user, metric and type. */
type AmountsByUser = Record<string, number>;

describe("the demo, sent through the stack", function () {
  this.timeout(180_000);
  let stack: PipelineStack;
  let day: Demo;
  let now: number;

  before(async () => {
    stack = await PipelineStack.start({ prometheus: { extraFlags: [adminApi] } });
    await knowsItself(stack);
    now = Date.now();
    day = demo({ seed: 1, now, days: 1 });
    const sent = await sendAll(day.processes, { url: stack.otlpHttpUrl, signal: new AbortController().signal });
    assert.equal(sent, day.processes.flat().length);
    await stack.drained();
  });

  after(async () => {
    await stack.stop();
  });

  it("is what Prometheus holds: every user's cost, tokens, sessions, lines, commits and the rest, difference 0", async () => {
    assert.deepEqual(await storedAmounts(stack), sorted(ledgerAmounts(day)));
    assert.equal((await stack.collector.selfMetric("otelcol_exporter_send_failed_metric_points")) ?? 0, 0);
  });

  it("lies at its own time, also what is more than six hours old", async () => {
    const [from, to] = [now - 20 * hourMs, now - 8 * hourMs];
    const points = day.processes
      .flat()
      .flatMap((one) => (one.signal === "metrics" && one.temporality === "delta" ? one.points : []));
    const inWindow = points.filter(({ metric, timeMs }) => metric === "cost" && timeMs > from && timeMs <= to);
    const expected = inWindow.reduce((sum, { value }) => sum + value, 0);
    const found = await stack.reader.totalOf(metrics.cost.prometheus, {
      window: "12h",
      at: to / 1000,
      matchers: `${matchers},claude_monitoring_temporality=""`,
    });
    assert.ok(expected > 0);
    assert.equal(Math.round(found * 1e9), expected);
  });

  it("is the same by its events: cost by user, and counts at the events' own times", async () => {
    const byUser = await stack.reader.sumOf(ledgerMetrics.cost.prometheus, { window, matchers, by: [labels.user] });
    const found = [...byUser].map(([user, usd]) => [user, Math.round(usd * 1e9)]);
    const expected = [...day.ledger].map(([user, amounts]) => [user, amounts["cost"]]);
    assert.deepEqual(new Map(found as [string, number][]), new Map(expected as [string, number][]));
    const [from, to] = [now - 20 * hourMs, now - 8 * hourMs];
    const events = day.processes.flat().flatMap((one) => (one.signal === "logs" ? one.events : []));
    const inWindow = events.filter(({ timeMs }) => timeMs > from && timeMs <= to);
    const options = { window: "12h", at: to / 1000, matchers };
    for (const [metric, name] of [
      [countMetrics.prompts.prometheus, "user_prompt"],
      [`${histogramMetrics.requestDuration.prometheus}_count`, "api_request"],
      [`${histogramMetrics.toolDuration.prometheus}_count`, "tool_result"],
      [countMetrics.toolDecisions.prometheus, "tool_decision"],
    ] as const) {
      const count = inWindow.filter((event) => event.name === name).length;
      assert.ok(count > 0, name);
      assert.equal(await stack.reader.totalOf(metric, options), count, name);
    }
  });

  it("shows the client whose clock is ahead and the one that sends running totals, and no other", async () => {
    const by = [labels.user, labels.clock, labels.temporality];
    const marked = await stack.reader.sumOf(metrics.cost.prometheus, { window, matchers, by });
    const user = (peculiarity: string): string =>
      day.members.find((member) => member.peculiarity === peculiarity)!.user;
    assert.deepEqual(
      [...marked.keys()].filter((key) => !key.endsWith("||")).sort(),
      [`${user("clock-ahead")}|ahead|`, `${user("cumulative")}||cumulative`].sort(),
    );
  });

  it("by npm run demo: what it says it sent is what comes on top", async () => {
    const before = await stack.reader.totalOf(metrics.cost.prometheus, { window, matchers });
    const command = await startDemo(stack, "whole", ["--seed", "2"]);
    assert.equal(await command.ended, 0, fs.readFileSync(command.logFile, "utf8"));
    await stack.drained();
    const text = fs.readFileSync(command.logFile, "utf8");
    const said = (pattern: RegExp): number => Number(pattern.exec(text)?.[1]?.replaceAll(",", ""));
    const sent = said(/cost +\$(\d+\.\d\d)/);
    const after = await stack.reader.totalOf(metrics.cost.prometheus, { window, matchers });
    assert.ok(Math.abs(after - before - sent) <= 0.0101, `said ${sent} USD; found ${after - before}`);
    assert.match(text, /users {5}40/);
  });

  it("is removed as far as Prometheus can delete, and the rest is told", async () => {
    const { before, after, restFrom } = await removeDemo(stack.reader, "200h");
    assert.ok(before > 10_000, `${before} series`);
    assert.ok(after > 0 && after < before, `${after} of ${before} series are left`);
    const left = await stack.reader.query(`count(last_over_time({${matchers}}[200h]))`);
    assert.equal(left[0]!.value, after);
    // Prometheus' memory begins up to an hour before its start, more where a rule has recorded 45 minutes back first.
    assert.ok(restFrom !== undefined && restFrom * 1000 > now + hourMs && restFrom * 1000 < now + 3.1 * hourMs);
  });
});

describe("events of a demo's client whose clock is ahead", function () {
  this.timeout(60_000);

  it("are counted once each, wherever a merged request ends between those of one export", async () => {
    const copies = 16;
    const stack = await PipelineStack.start();
    try {
      const day = demo({ seed: 1, now: Date.now(), days: 1 });
      const { user } = day.members.find(({ peculiarity }) => peculiarity === "clock-ahead")!;
      const exports = day.processes
        .flat()
        .flatMap((one) => (one.signal === "logs" && JSON.stringify(one).includes(user) ? [one] : []));
      // Clients at once, so that requests are merged until they are full: a session each.
      const clients = Array.from({ length: copies }, (_, index) =>
        exports.map((one) => ({ ...one, attributes: { ...one.attributes, "session.id": `session-${index}` } })),
      );
      await sendAll(clients, { url: stack.otlpHttpUrl, signal: new AbortController().signal });
      await stack.drained();
      assert.equal((await stack.collector.selfMetric("otelcol_exporter_send_failed_metric_points")) ?? 0, 0);
      const prompts = exports.flatMap(({ events }) => events).filter(({ name }) => name === "user_prompt").length;
      assert.ok(prompts > 0);
      const found = await stack.reader.totalOf(countMetrics.prompts.prometheus, { window: "5m", matchers });
      assert.equal(found, copies * prompts);
    } finally {
      await stack.stop();
    }
  });
});

describe("the demo, removed from a Prometheus that writes blocks every minute", function () {
  this.timeout(400_000);
  let stack: PipelineStack;

  before(async () => {
    stack = await PipelineStack.start({
      prometheus: { extraFlags: [adminApi, "--storage.tsdb.min-block-duration=1m"] },
    });
  });

  after(async () => {
    await stack.stop();
  });

  it("stops on Ctrl-C, and then leaves no series, but those of others", async () => {
    await runLoad({ url: stack.otlpHttpUrl, exports: 20, perSecond: 20, team: "real" });
    const command = await startDemo(stack, "stopped", []);
    await waitUntil("a part was sent", () => /\d+ of \d+ exports/.test(fs.readFileSync(command.logFile, "utf8")));
    command.signal("SIGINT");
    assert.equal(await command.ended, 130);
    const said = /Stopped after (\d+) of (\d+) exports/.exec(fs.readFileSync(command.logFile, "utf8"));
    assert.ok(Number(said?.[1]) >= 250 && Number(said?.[1]) < Number(said?.[2]), said?.[0]);
    await stack.drained();

    const before: number[] = [];
    await waitUntil(
      "nothing of the demo is left",
      async () => {
        const removal = await removeDemo(stack.reader, "200h");
        before.push(removal.before);
        return removal.after === 0;
      },
      360_000,
      5000,
    );
    assert.ok(before[0]! > 500, `${before[0]} series at first`);
    assert.deepEqual(await stack.reader.query(`{${matchers}}`), []);
    assert.equal((await stack.reader.query(`last_over_time({${matchers}}[200h])`)).length, 0);
    assert.equal(
      await stack.reader.totalOf(metrics.sessions.prometheus, { window: "1h", matchers: 'team="real"' }),
      20,
    );
  });
});

describe("the demo, where Prometheus' admin API is off", function () {
  this.timeout(60_000);

  it("is not removed, and the configuration key is named", async () => {
    const stack = await PipelineStack.start();
    try {
      await assert.rejects(removeDemo(stack.reader, "200h"), /"prometheus.adminApi" to be true/);
    } finally {
      await stack.stop();
    }
  });
});

/** As in a stack: its memory begins with its own samples, and whatever is older than an hour is late. */
async function knowsItself({ reader }: PipelineStack): Promise<void> {
  // The first scrape still shows an empty memory, so this takes up to two scrape intervals.
  const begun = async () => (await reader.query("prometheus_tsdb_head_min_time_seconds < 1e12")).length > 0;
  await waitUntil("Prometheus has scraped itself twice", begun, 60_000);
}

/** The command itself, as npm starts it. */
async function startDemo(stack: PipelineStack, name: string, args: readonly string[]): Promise<ManagedProcess> {
  const { PATH = "", HOME = "" } = process.env;
  return startProcess({
    name: "demo",
    command: process.execPath,
    args: ["--require", "./cli/typescript.cjs", "cli/main.ts", "demo", "--url", stack.otlpHttpUrl, ...args],
    logFile: path.join(stack.directory, `demo-${name}.log`),
    cwd: path.join(__dirname, "..", ".."),
    env: { PATH, HOME },
  });
}

function ledgerAmounts(day: Demo): AmountsByUser {
  const all: AmountsByUser = {};
  for (const [user, amounts] of day.ledger) {
    for (const [name, units] of Object.entries(amounts)) {
      all[`${user}|${name}`] = units;
    }
  }
  return all;
}

async function storedAmounts(stack: PipelineStack): Promise<AmountsByUser> {
  const all: AmountsByUser = {};
  for (const key of Object.keys(clientMetrics) as MetricKey[]) {
    const sums = await stack.reader.sumOf(metrics[key].prometheus, {
      window,
      matchers,
      by: [labels.user, labels.type],
    });
    for (const [userAndType, value] of sums) {
      const [user, type] = userAndType.split("|");
      const name = `${user!}|${key}${type === "" ? "" : `|${type!}`}`;
      all[name] = Math.round(value * clientMetrics[key].unitsPerOne);
    }
  }
  return sorted(all);
}

/** A 0 may have been sent or not; it says the same. */
function sorted(amounts: AmountsByUser): AmountsByUser {
  return Object.fromEntries(
    Object.entries(amounts)
      .filter(([, units]) => units !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
