import { overHttp, PrometheusApi } from "../cli/prometheus-api";
import { billDay, type BillOutcome } from "../telemetry/bill";
import { dayMs, secondMs } from "../units";
import { daysToRead } from "./days";
import { figuresOf } from "./figures";
import { Ledger } from "./ledger";
import { People } from "./people";
import { readActivity } from "./provider/activity";
import { Analytics } from "./provider/analytics";
import { ProviderClient, ProviderError } from "./provider/client";
import { type BillSource, noBill } from "./provider/day-bill";
import { Reports } from "./provider/reports";
import { ReportedCost } from "./reported";
import type { BillSecrets, BillSettings } from "./settings";

/** Prints a line about a run; never a secret. */
export type Print = (line: string) => void;

/**
 * Reads the provider's figures and writes them to Prometheus, day by day, with the reasons why they differ from what
 * clients reported. It ends without an error only when everything was read and written.
 *
 * @throws Error that names the API and the answer, or Prometheus'
 */
export async function run(settings: BillSettings, secrets: BillSecrets, print: Print): Promise<void> {
  const prometheus = new PrometheusApi(overHttp(settings.prometheusUrl));
  const ledger = new Ledger(prometheus, settings.prometheusOtlpUrl);
  try {
    await readDays(settings, secrets, { prometheus, ledger, print });
  } catch (error) {
    const refused = error instanceof ProviderError && error.refused;
    await mark(ledger, refused ? "refused" : "failed", print);
    throw error;
  }
  await mark(ledger, "complete", print);
}

/** An outcome that cannot be written must not hide what was in the way before. */
async function mark(ledger: Ledger, outcome: BillOutcome, print: Print): Promise<void> {
  await ledger.markRun(outcome).catch((error: unknown) => {
    if (outcome === "complete") {
      throw error;
    }
    print(`Prometheus did not take the outcome: ${String(error)}`);
  });
}

interface Tools {
  readonly prometheus: PrometheusApi;
  readonly ledger: Ledger;
  readonly print: Print;
}

async function readDays(settings: BillSettings, secrets: BillSecrets, { prometheus, ledger, print }: Tools) {
  const client = new ProviderClient({ ...settings, key: secrets.key });
  const { source, completeUntilMs } = await openSource(settings, client, print);
  if (completeUntilMs === undefined) {
    print("the provider has no figures yet");
    return;
  }
  const reported = new ReportedCost(prometheus, { ...settings, namesPeople: settings.identity !== "drop" });
  const people = new People(settings, secrets);
  const lastRead = await ledger.daysRead(settings.days);
  for (const day of daysToRead({ ...settings, nowMs: client.nowMs, lastRead })) {
    const end = day + dayMs;
    const over = client.nowMs >= end;
    const figures = figuresOf(
      {
        // Reports after that time are shown as the provider's delay.
        bill: completeUntilMs > day ? await source.read({ fromMs: day, toMs: Math.min(end, completeUntilMs) }) : noBill,
        reports: await reported.read(day, completeUntilMs),
        activity: over ? await readActivity(client, billDay(day)) : undefined,
        settled: completeUntilMs >= end + settings.settleAfterSeconds * secondMs,
      },
      { ...settings, people },
    );
    const written = await ledger.write(day, figures.all);
    await ledger.markRead(day, client.nowMs);
    print(`${billDay(day)}: ${figures.all.size} figures, ${written} samples written`);
  }
  await ledger.markRefreshed(completeUntilMs);
}

interface OpenSource {
  readonly source: BillSource;
  readonly completeUntilMs: number | undefined;
}

/** Opens the analytics; the reports where the key may not read those. */
async function openSource(settings: BillSettings, client: ProviderClient, print: Print): Promise<OpenSource> {
  const knownKeys = new Set(Object.keys(settings.people));
  const analytics = new Analytics(client, knownKeys);
  const reports = new Reports(client, { claudeCodeWorkspaces: new Set(settings.claudeCodeWorkspaces), knownKeys });
  const open = async (source: BillSource) => ({ source, completeUntilMs: await source.completeUntil() });
  if (settings.api !== "auto") {
    return open(settings.api === "analytics" ? analytics : reports);
  }
  try {
    return await open(analytics);
  } catch (error) {
    if (!(error instanceof ProviderError && error.refused)) {
      throw error;
    }
    print(`${error.message}; the usage and cost reports are read instead`);
    return open(reports);
  }
}
