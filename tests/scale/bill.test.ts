import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { billMetrics } from "../../telemetry/bill";
import { usd } from "../support/bill/billed-use";
import { BillStack } from "../support/bill/bill-stack";
import { chargedUsd, type Company, companyOf, completeUses } from "../support/bill/company";
import { byReason } from "../support/bill/company-truth";
import { assertNear } from "../support/bill/usd";
import type { ManagedProcess } from "../support/processes";

const people = 10_000;
const mebibyte = 2 ** 20;

describe(`the bill of ${people} people over 31 days, in one run`, function () {
  this.timeout(3_600_000);
  let company: Company;
  let stack: BillStack;

  before(async () => {
    company = companyOf({ people });
    stack = await BillStack.start(company);
  });

  after(async () => {
    await stack.stop();
  });

  it("is the truth to the cent, within the memory that its pod has", async () => {
    const [seriesBefore, memoryBefore] = [await series(stack), residentBytes(stack.prometheus.pid)];
    const begin = performance.now();
    const job = await stack.startJob();
    const most = await largestBytes(job);
    assert.equal(await job.ended, 0, fs.readFileSync(job.logFile, "utf8"));
    const seconds = Math.round((performance.now() - begin) / 1000);
    const added = (await series(stack)) - seriesBefore;
    const prometheus = residentBytes(stack.prometheus.pid) - memoryBefore;
    console.log(
      `    ${stack.provider.requests.length} requests in ${seconds} s; the job used ${toMebibytes(most)} MiB; ` +
        `${added} series and ${await stack.samples()} samples more; Prometheus ${toMebibytes(prometheus)} MiB more`,
    );
    const bill = chargedUsd(completeUses(company));
    assertNear((await stack.figures(billMetrics.charged.prometheus, [])).get("") ?? 0, bill, "charged");
    const found = await stack.figures(billMetrics.difference.prometheus, ["reason"]);
    for (const [reason, amount] of Object.entries(byReason(company.differences))) {
      assertNear(found.get(reason) ?? 0, usd(amount), reason, 0.005);
    }
    assert.ok(most < 1024 * mebibyte);
  });
});

async function series({ prometheus }: BillStack): Promise<number> {
  const all = await prometheus.reader.query('count(last_over_time({__name__=~"claude_monitoring_bill_.+"}[400d]))');
  return all[0]?.value ?? 0;
}

/** Watches a process to its end. @returns the most memory that it had */
async function largestBytes(job: ManagedProcess): Promise<number> {
  let most = 0;
  while (job.running()) {
    most = Math.max(most, residentBytes(job.pid));
    await sleep(200);
  }
  return most;
}

function residentBytes(pid: number): number {
  try {
    const [, kibibytes = "0"] = /VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kibibytes) * 1024;
  } catch {
    return 0;
  }
}

function toMebibytes(bytes: number): number {
  return Math.round(bytes / mebibyte);
}
