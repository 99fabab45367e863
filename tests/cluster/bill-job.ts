import assert from "node:assert/strict";

import type { Overrides } from "../../cli/overrides";
import { billTimeMs } from "../../telemetry/bill";
import { dayMs, hourMs } from "../../units";
import { chargedUsd, type Company, companyOf, completeUses } from "../support/bill/company";
import { type Provider, startProvider } from "../support/bill/provider";
import { testKeys } from "../support/bill/provider-keys";
import { waitUntil } from "../support/processes";
import { say, type TestCluster } from "./test-cluster";

const job = "bill-now";

interface Job {
  readonly metadata: { readonly name: string };
  readonly status: { readonly succeeded?: number; readonly failed?: number };
}

/** A stand-in of the provider beside the cluster, with the bill of a company's last days. */
export class BilledCluster {
  private constructor(
    private readonly cluster: TestCluster,
    private readonly provider: Provider,
    private readonly company: Company,
    /** Whether the job reads what clients report today. */
    readonly readsToday: boolean,
  ) {}

  static async start(cluster: TestCluster): Promise<BilledCluster> {
    const now = Date.now();
    const todayMs = Math.floor(now / dayMs) * dayMs;
    // The job reads today's figures from noon on. Before, the provider has none of today.
    const readsToday = now >= billTimeMs(todayMs);
    const refreshedAtMs = readsToday ? Math.floor(now / hourMs) * hourMs : todayMs;
    const company = companyOf({ firstDayMs: todayMs - 2 * dayMs, days: 3, refreshedAtMs });
    const provider = await startProvider({ ...company.provider, now, host: cluster.node.hostAddress });
    return new BilledCluster(cluster, provider, company, readsToday);
  }

  /** Configuration of a stack that reads the bill when it is asked to. */
  get overrides(): Overrides {
    return {
      "bill.key": this.key,
      "bill.url": this.provider.url,
      "bill.addresses": [`${this.cluster.node.hostAddress}/32`],
      "bill.days": 3,
      "bill.schedule": "0 0 1 1 *",
    };
  }

  /** Everything that the provider charged until its figures' end. */
  get chargedUsd(): number {
    return chargedUsd(completeUses(this.company));
  }

  get key(): string {
    return testKeys.analyticsOnly.secret;
  }

  /** Runs the job as its schedule would. @returns what its pods printed */
  async run(namespace: string, cronJob: string): Promise<string> {
    const { cluster } = this;
    await cluster.kubectl("create", "job", job, `--from=cronjob/${cronJob}`, "--namespace", namespace);
    await waitUntil(
      "the bill's job has ended",
      async () => {
        const jobs = await cluster.list<Job>("jobs", namespace);
        const status = jobs.find(({ metadata }) => metadata.name === job)?.status;
        return (status?.succeeded ?? 0) + (status?.failed ?? 0) > 0;
      },
      120_000,
      1000,
    ).catch(async (error: unknown) => {
      say(
        await cluster.kubectl("describe", "pods", "--namespace", namespace, "--selector=app.kubernetes.io/name=bill"),
      );
      say(
        await cluster.kubectl("logs", "--namespace", namespace, "--selector=app.kubernetes.io/name=bill", "--tail=20"),
      );
      throw error;
    });
    const printed = await cluster.kubectl("logs", `job/${job}`, "--namespace", namespace);
    await cluster.kubectl("delete", "job", job, "--namespace", namespace);
    assert.match(printed, /\d+ samples written/);
    say(`the bill's job: ${this.provider.requests.length} requests; ${printed.trim().split("\n").join("; ")}`);
    return printed;
  }

  /** Asserts that the key is in one Secret, and in plain text nowhere else. */
  async assertKeyIsSecret(namespace: string, printed: string, state: string): Promise<void> {
    assert.ok(!printed.includes(this.key), "printed");
    const secrets = await this.cluster.list<{ data?: Record<string, string> }>("secrets", namespace);
    const holding = secrets.filter(({ data }) =>
      Object.values(data ?? {}).some((value) => Buffer.from(value, "base64").toString() === this.key),
    );
    assert.equal(holding.length, 1);
    const kinds = "configmaps,pods,jobs,cronjobs,events";
    const objects = await this.cluster.kubectl("get", kinds, "--namespace", namespace, "--output=json");
    for (const [what, text] of Object.entries({ objects, state })) {
      assert.ok(text.length > 100 && !text.includes(this.key), what);
    }
  }

  async stop(): Promise<void> {
    await this.provider.stop();
  }
}
