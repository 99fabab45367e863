import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { billMetrics, billReasons, billTimes } from "../../telemetry/bill";
import { dayMs, hourMs } from "../../units";
import { totalOf, usd } from "../support/bill/billed-use";
import { BillStack } from "../support/bill/bill-stack";
import { type Company, companyOf, completeUses } from "../support/bill/company";
import { byDay, byReason } from "../support/bill/company-truth";
import { waitUntil } from "../support/processes";
import { testKeys } from "../support/bill/provider-keys";
import { assertNear } from "../support/bill/usd";

const { charged, difference, list, reported, tokens } = billMetrics;

/** Asserts that each reason's amount, the whole charge and what was reported are the company's truth. */
async function assertTruth(stack: BillStack, company: Company, day?: string): Promise<void> {
  const truth = day === undefined ? byReason(company.differences) : byDay(company.differences).get(day);
  const found = await stack.figures(difference.prometheus, ["reason"], day);
  for (const reason of Object.values(billReasons)) {
    assertNear(found.get(reason) ?? 0, usd(truth?.[reason] ?? 0), `${reason} ${day ?? "of the month"}`);
  }
  const within = (ms: number) => day === undefined || new Date(ms).toISOString().startsWith(day);
  const uses = completeUses(company).filter(({ hourMs: ms }) => within(ms));
  const bill = uses.reduce((sum, { cents }) => sum + totalOf(cents), 0);
  const reports = company.reports.filter(({ timeMs, billing }) => within(timeMs) && billing === "metered");
  const told = reports.reduce((sum, { cost }) => sum + cost, 0);
  assertNear((await stack.figures(charged.prometheus, [], day)).get("") ?? 0, usd(bill), "charged");
  assertNear((await stack.figures(reported.prometheus, [], day)).get("") ?? 0, usd(told), "reported");
  const reasons = [...found.values()].reduce((sum, value) => sum + value, 0);
  assertNear(reasons, usd(bill - told), "the reasons together");
}

describe("the bill of a month whose truth is known", function () {
  this.timeout(120_000);
  const company = companyOf({ discountPermille: 100 });
  let stack: BillStack;

  before(async () => {
    stack = await BillStack.start(company);
    await stack.run();
  });

  after(async () => {
    await stack.stop();
  });

  it("has every reason's amount to the cent, of the month and of each day", async () => {
    for (const reason of Object.values(billReasons)) {
      assert.notEqual(byReason(company.differences)[reason], 0, `${reason} occurs`);
    }
    await assertTruth(stack, company);
    for (const day of company.days) {
      await assertTruth(stack, company, day);
    }
  });

  it("has every user's reasons, and nobody else's", async () => {
    const found = await stack.figures(difference.prometheus, ["user", "reason"]);
    const users = new Set(company.differences.flatMap(({ user }) => (user === undefined ? [] : [user])));
    for (const user of users) {
      const truth = byReason(company.differences.filter((one) => one.user === user));
      for (const reason of Object.values(billReasons)) {
        assertNear(found.get(`${user}|${reason}`) ?? 0, usd(truth[reason]), `${user} ${reason}`);
      }
    }
  });

  it("has list prices by model, tokens by type, and what was charged to whom", async () => {
    const uses = completeUses(company);
    const byModel = await stack.figures(list.prometheus, ["model"]);
    for (const model of new Set(uses.map((use) => use.model))) {
      const listed = uses.filter((use) => use.model === model).reduce((sum, use) => sum + totalOf(use.listCents), 0);
      assertNear(byModel.get(model) ?? 0, usd(listed), model);
    }
    const byType = await stack.figures(tokens.prometheus, ["type"]);
    const counted = (count: (use: (typeof uses)[number]) => number) => uses.reduce((sum, use) => sum + count(use), 0);
    assert.deepEqual(Object.fromEntries(byType), {
      input: counted((use) => use.tokens.uncachedInput),
      output: counted((use) => use.tokens.output),
      cacheRead: counted((use) => use.tokens.cacheRead),
      cacheCreation: counted((use) => use.tokens.cacheWrite5m + use.tokens.cacheWrite1h),
    });
    const to = await stack.figures(charged.prometheus, ["charged_to"]);
    const kinds = { user: "person", key: "key", service: "service" } as const;
    for (const [type, kind] of Object.entries(kinds)) {
      const amount = uses.filter(({ actor }) => actor.type === type).reduce((sum, use) => sum + totalOf(use.cents), 0);
      assertNear(to.get(kind) ?? 0, usd(amount), kind);
    }
  });

  it("has what people did, by day, as far as it is over", async () => {
    const found = await stack.figures(billMetrics.activity.prometheus, ["activity"]);
    const [today] = company.days.slice(-1);
    const over = company.provider.activity!.filter(
      ({ dayMs: ms }) => new Date(ms).toISOString().slice(0, 10) !== today,
    );
    const sum = (name: "sessions" | "linesAdded" | "commits") => over.reduce((total, one) => total + one[name], 0);
    assert.deepEqual(
      [found.get("sessions"), found.get("lines_added"), found.get("commits")],
      [sum("sessions"), sum("linesAdded"), sum("commits")],
    );
    const bought = await stack.figures(billMetrics.seats.prometheus, ["state"], company.days[3]);
    assert.equal(bought.get("bought"), company.people.length);
  });

  it("is the same after a second run, which writes nothing", async () => {
    const before = await stack.samples();
    const lines = await stack.run();
    assert.ok(lines.length >= 3 && lines.every((line) => line.endsWith(", 0 samples written")), lines.join("\n"));
    assert.equal(await stack.samples(), before);
    await assertTruth(stack, company);
  });

  it("follows days that the provider corrects, up and down", async () => {
    const [newest] = company.days.slice(-2);
    const corrected = company.uses.map((use) => {
      const { uncachedInput } = use.cents;
      const own = new Date(use.hourMs).toISOString().startsWith(newest!);
      return own ? { ...use, cents: { ...use.cents, uncachedInput: 2 * uncachedInput, output: 0 } } : use;
    });
    const charge = (uses: typeof corrected) =>
      uses
        .filter(({ hourMs: ms }) => new Date(ms).toISOString().startsWith(newest!))
        .reduce((sum, { cents }) => sum + totalOf(cents), 0);
    stack.provider.setUses(corrected);
    await stack.run();
    assertNear((await stack.figures(charged.prometheus, [], newest)).get("") ?? 0, usd(charge(corrected)), "corrected");
    stack.provider.setUses(company.uses);
    await stack.run();
    await assertTruth(stack, company);
    await assertTruth(stack, company, newest);
  });
});

describe("the bill of more people than a page has", function () {
  this.timeout(120_000);

  it("has every reason's amount, and a report at midnight belongs to the day that begins", async () => {
    const company = companyOf({ people: 600, days: 3 });
    const [, second] = company.days;
    const midnight = Date.parse(second!);
    const [first] = company.reports;
    const atMidnight = { ...first!, user: "midnight@example.com", timeMs: midnight, billing: "metered" } as const;
    const stack = await BillStack.start({ ...company, reports: [...company.reports, atMidnight] });
    try {
      await stack.run();
      const requests = stack.provider.requests.filter(({ path }) => path.includes("analytics/cost"));
      assert.ok(requests.filter(({ path }) => path.includes("&page=")).length >= 2, "there are pages");
      const byUser = await stack.figures(reported.prometheus, ["user"], second);
      assertNear(byUser.get(atMidnight.user) ?? 0, atMidnight.costUsd, "reported at midnight");
      // The day is over for less than the provider needs.
      const own = { user: atMidnight.user, team: undefined, day: second!, reason: billReasons.provisional };
      const differences = [...company.differences, { ...own, amount: -atMidnight.cost }];
      await assertTruth(stack, { ...company, reports: [...company.reports, atMidnight], differences });
    } finally {
      await stack.stop();
    }
  });
});

describe("the bill's job, disturbed", function () {
  this.timeout(180_000);
  const company = companyOf({ seed: 2, days: 9 });
  let stack: BillStack;

  beforeEach(async () => {
    stack = await BillStack.start(company);
  });

  afterEach(async () => {
    await stack.stop();
  });

  it("has the same figures after errors, limits and half answers", async () => {
    stack.provider.failNext(2, { status: 429, retryAfterSeconds: 1 });
    stack.provider.failNext(2, { status: 500 });
    stack.provider.failNext(1, { cut: true });
    stack.provider.failNext(1, { status: 529 });
    await stack.run();
    await assertTruth(stack, company);
    assert.ok(stack.provider.requests.every(({ method, key }) => method === "GET" && key === "enterprise"));
  });

  it("has them when it is killed at any moment, and when two run at once", async () => {
    let samples = 0;
    let run = 1;
    for (const days of [1, 1, 2, 2]) {
      const job = await stack.startJob();
      const daysRead = () => fs.readFileSync(job.logFile, "utf8").split("\n").length - 1;
      await waitUntil("some days are read", () => daysRead() >= days, 20_000, 1);
      // Within the next day: while it is asked for, or written.
      await sleep(3 * run++);
      job.signal("SIGKILL");
      assert.equal(await job.ended, null);
      const before = samples;
      samples = await stack.samples();
      assert.ok(samples > before, `${samples} samples after ${days} days; expected more than ${before}`);
    }
    const both = await Promise.all([stack.startJob(), stack.startJob()]);
    const codes = await Promise.all(both.map(({ ended }) => ended));
    assert.deepEqual(codes, [0, 0], both.map(({ logFile }) => fs.readFileSync(logFile, "utf8")).join("\n"));
    await assertTruth(stack, company);
    for (const day of company.days) {
      await assertTruth(stack, company, day);
    }
  });

  it("has them after two days without the provider, and says meanwhile that it failed", async () => {
    stack.provider.now -= 2 * dayMs;
    stack.provider.refreshedAtMs = company.refreshedAtMs - 2 * dayMs;
    await stack.run();
    await stack.provider.setDown(true);
    await assert.rejects(stack.run(), /analytics\/cost: no whole answer/);
    const outcomes = await stack.prometheus.reader.query(
      `max by (outcome) (max_over_time(${billTimes.run.prometheus}[1h]))`,
    );
    assert.deepEqual(outcomes.map(({ labels }) => labels["outcome"]).sort(), ["complete", "failed"]);
    await stack.provider.setDown(false);
    stack.provider.now += 2 * dayMs;
    stack.provider.refreshedAtMs = company.refreshedAtMs;
    await stack.run();
    await assertTruth(stack, company);
  });

  it("has them whatever its own clock says", async () => {
    for (const offsetMs of [-40 * dayMs, 3 * hourMs, 40 * dayMs]) {
      const shifted = `const now = Date.now; Date.now = () => now() + ${offsetMs};`;
      const job = await stack.startJob(["--import", `data:text/javascript,${encodeURIComponent(shifted)}`]);
      assert.equal(await job.ended, 0, fs.readFileSync(job.logFile, "utf8"));
      await assertTruth(stack, company);
    }
  });

  it("names the key's refusal, and never the key", async () => {
    for (const { secret } of [testKeys.inference, testKeys.expired, testKeys.noScope]) {
      const job = await stack.startJob([], secret);
      assert.equal(await job.ended, 1);
      const log = fs.readFileSync(job.logFile, "utf8");
      assert.match(log, /cost_report: 40[013] \w+_error/);
      assert.ok(!log.includes(secret), log);
    }
    const refused = await stack.prometheus.reader.query(
      `last_over_time(${billTimes.run.prometheus}{outcome="refused"}[1h])`,
    );
    assert.equal(refused.length, 1);
    assert.equal(await stack.samples(), 0);
  });

  it("reads the usage and cost reports where the key may not read the analytics", async () => {
    await stack.stop();
    stack = await BillStack.start(company, { isHipaaReady: true });
    const known = Object.fromEntries(
      company.people.flatMap(({ actor, apiKeyId }) => (apiKeyId === null ? [] : [[apiKeyId, actor.email]])),
    );
    const lines = await stack.run({ people: known }, { key: testKeys.admin.secret });
    assert.match(lines[0]!, /the usage and cost reports are read instead/);
    const today = Math.floor(stack.provider.now / dayMs) * dayMs;
    const over = completeUses(company).filter((use) => use.hourMs < today);
    const bill = over.reduce((sum, { cents }) => sum + totalOf(cents), 0);
    assertNear((await stack.figures(charged.prometheus, [])).get("") ?? 0, usd(bill), "charged");
    const byUser = await stack.figures(charged.prometheus, ["user"]);
    for (const { actor } of company.people) {
      const own = over.filter((use) => use.actor.id === actor.id).reduce((sum, { cents }) => sum + totalOf(cents), 0);
      assertNear(byUser.get(actor.email) ?? 0, usd(own), actor.email);
    }
  });
});
