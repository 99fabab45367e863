import * as fs from "node:fs";
import * as path from "node:path";

import { bundleBill } from "../../../bill/bundle";
import { run } from "../../../bill/run";
import type { BillSecrets, BillSettings } from "../../../bill/settings";
import { metricsRequest } from "../../../synthetic/otlp/request";
import { metrics } from "../../../telemetry/client-metrics";
import { collectorAttributes } from "../../../telemetry/collector-attributes";
import { tokenTypes } from "../../../telemetry/prices";
import { pipelineBinaries } from "../collectors/pipeline-binaries";
import { type ManagedProcess, removeTemporaryDirectory, startProcess, temporaryDirectory } from "../processes";
import { PrometheusProcess } from "../prometheus/prometheus-process";
import type { ClientReport, Company } from "./company";
import { type Provider, type ProviderOptions, startProvider } from "./provider";
import { testKeys } from "./provider-keys";

const reportsPerRequest = 2000;

/** A Prometheus that holds what a company's clients reported, a provider that charged it, and the job between them. */
export class BillStack {
  private runs = 0;

  private constructor(
    readonly directory: string,
    readonly prometheus: PrometheusProcess,
    readonly provider: Provider,
    private readonly days: number,
  ) {}

  /** @param provider what the provider has differently */
  static async start(company: Company, provider: Partial<ProviderOptions> = {}): Promise<BillStack> {
    const binaries = await pipelineBinaries();
    const directory = temporaryDirectory("claude-monitoring-bill");
    const prometheus = await PrometheusProcess.prepare(binaries.prometheus, directory, {
      // The company's month lies in the past.
      outOfOrderTimeWindow: "400d",
      retention: "500d",
    });
    await prometheus.start();
    await report(prometheus, company.reports);
    const started = await startProvider({ ...company.provider, ...provider });
    return new BillStack(directory, prometheus, started, company.days.length);
  }

  /** The job's settings, as the stack's defaults have them. */
  settings(more: Partial<BillSettings> = {}): BillSettings {
    return {
      url: this.provider.url,
      api: "auto",
      days: this.days,
      settleAfterSeconds: 86_400,
      people: {},
      claudeCodeWorkspaces: [],
      identity: "keep",
      seatsUnlessSaid: false,
      modelAliases: {},
      requestsPerMinute: 60_000,
      retryPauseMs: 5,
      prometheusUrl: this.prometheus.reader.url,
      prometheusOtlpUrl: this.prometheus.otlpUrl,
      ...more,
    };
  }

  /** Runs the job within this process. @returns the lines that it printed */
  async run(more: Partial<BillSettings> = {}, secrets: BillSecrets = { key: testKeys.analyticsOnly.secret }) {
    const lines: string[] = [];
    await run(this.settings(more), secrets, (line) => lines.push(line));
    return lines;
  }

  /** Starts the job as its pod does. @param nodeArgs put before the program */
  async startJob(
    nodeArgs: readonly string[] = [],
    key: string = testKeys.analyticsOnly.secret,
  ): Promise<ManagedProcess> {
    const file = (name: string, content: string) => {
      const written = path.join(this.directory, name);
      fs.writeFileSync(written, content);
      return written;
    };
    const program = file("bill.mjs", bundleBill());
    const settings = file("settings.json", JSON.stringify(this.settings()));
    return startProcess({
      name: "bill",
      command: process.execPath,
      args: [...nodeArgs, program, settings, file("key", `${key}\n`)],
      logFile: path.join(this.directory, `bill-${++this.runs}.log`),
    });
  }

  /** Sums a figure of the bill over a range that ends with it, by labels; keys are their values joined by `|`. */
  async figures(metric: string, by: readonly string[], day?: string): Promise<Map<string, number>> {
    const window = day === undefined ? "400d" : "86400000ms";
    const at = day === undefined ? Date.now() / 1000 : Date.parse(day) / 1000 + 86_400 - 0.001;
    return this.prometheus.reader.sumOf(metric, { window, at, by });
  }

  /** Counts all samples of the bill. */
  async samples(): Promise<number> {
    const promql = `sum(count_over_time({__name__=~"claude_monitoring_bill_.+", __name__!~".+_timestamp_seconds"}[400d]))`;
    return (await this.prometheus.reader.number(promql)) ?? 0;
  }

  async stop(): Promise<void> {
    await this.provider.stop();
    await this.prometheus.stop();
    removeTemporaryDirectory(this.directory);
  }
}

/** Stores reports as the collector does. No two points of one session and series have the same time. */
async function report(prometheus: PrometheusProcess, reports: readonly ClientReport[]): Promise<void> {
  const atOnce = new Map<string, number>();
  const sessionOf = ({ user, timeMs }: ClientReport) => {
    const earlier = atOnce.get(`${user}|${timeMs}`) ?? 0;
    atOnce.set(`${user}|${timeMs}`, earlier + 1);
    return `session-${earlier}`;
  };
  for (let at = 0; at < reports.length; at += reportsPerRequest) {
    const part = reports.slice(at, at + reportsPerRequest).map((one) => {
      const { timeMs, user, team, model, billing } = one;
      const attributes = {
        "session.id": sessionOf(one),
        user,
        model,
        ...(team === undefined ? {} : { team }),
      };
      return { ...one, attributes, paid: { ...attributes, [collectorAttributes.billing]: billing }, timeMs };
    });
    const cost = part.map(({ paid, timeMs, costUsd }) => ({
      attributes: paid,
      startMs: timeMs,
      timeMs,
      value: costUsd,
    }));
    const tokens = part.flatMap(({ attributes, timeMs, tokens: counted }) =>
      tokenTypes
        .filter((type) => counted[type] > 0)
        .map((type) => ({ attributes: { ...attributes, type }, startMs: timeMs, timeMs, value: counted[type] })),
    );
    const body = metricsRequest({ scope: { name: "test" } }, [
      { ...metrics.cost, points: cost },
      { ...metrics.tokens, points: tokens },
    ]);
    const response = await fetch(`${prometheus.otlpUrl}/v1/metrics`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`Prometheus answered ${response.status} to reports: ${await response.text()}`);
    }
  }
}
