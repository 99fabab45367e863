import type { PrometheusApi } from "../cli/prometheus-api";
import { gaugesRequest } from "../synthetic/otlp/request";
import { billDay, billLabels, billMetrics, type BillOutcome, billTimeMs, billTimes } from "../telemetry/bill";
import type { Metric } from "../telemetry/metric";
import { dayMs, secondMs } from "../units";
import { type Figure, seriesKey } from "./figures";

/** A sample that is to be written. */
interface Sample {
  readonly metric: Pick<Metric, "name" | "unit">;
  readonly labels: Readonly<Record<string, string>>;
  readonly timeMs: number;
  readonly value: number;
}

/** Series of a day as they are stored. */
interface Stored {
  readonly metric: Metric;
  readonly labels: Readonly<Record<string, string>>;
  readonly sum: number;
  readonly lastMs: number;
}

const service = "bill";
const samplesPerRequest = 5000;
/** Another run may write the same day at the same time; then what it wrote is read again. */
const rounds = 5;
const ofPrometheus = new Map(Object.values(billMetrics).map((metric) => [metric.prometheus, metric]));
/** Labels that Prometheus adds. */
const added = new Set(["__name__", "job", "instance"]);

/**
 * The bill's figures in Prometheus. A day's figures are samples at its noon. A correction is the difference to what is
 * stored, a second after the newest sample. So a run that ends halfway, or comes twice, changes nothing that is right,
 * and needs no memory of its own.
 */
export class Ledger {
  constructor(
    private readonly prometheus: PrometheusApi,
    private readonly otlpUrl: string,
  ) {}

  /**
   * Makes the stored figures of a day the given ones.
   *
   * @returns number of samples that were written
   * @throws Error if Prometheus refuses them, or another run keeps changing the day
   */
  async write(dayStartMs: number, figures: ReadonlyMap<string, Figure>): Promise<number> {
    let written = 0;
    for (let round = 0; round < rounds; round++) {
      const corrections = correctionsOf(dayStartMs, figures, await this.stored(dayStartMs));
      if (corrections.length === 0) {
        return written;
      }
      await this.send(corrections);
      written += corrections.length;
    }
    throw new Error(
      `day ${billDay(dayStartMs)}: found other figures after each of ${rounds} writes; expected the same`,
    );
  }

  /** Reads when each day was read last, in seconds since 1970, by its name. */
  async daysRead(days: number): Promise<ReadonlyMap<string, number>> {
    const promql = `max by (${billLabels.day}) (max_over_time(${billTimes.dayRead.prometheus}[${days + 2}d]))`;
    const found = await this.prometheus.query(promql);
    return new Map(found.map(({ labels, value }) => [labels[billLabels.day] ?? "", value]));
  }

  async markRead(dayStartMs: number, atMs: number): Promise<void> {
    await this.sendNow(billTimes.dayRead, { [billLabels.day]: billDay(dayStartMs) }, atMs / secondMs);
  }

  async markRefreshed(completeUntilMs: number): Promise<void> {
    await this.sendNow(billTimes.refreshed, {}, completeUntilMs / secondMs);
  }

  /** Its value is Prometheus' time, because the node's clock may be wrong. */
  async markRun(outcome: BillOutcome): Promise<void> {
    await this.sendNow(billTimes.run, { [billLabels.outcome]: outcome }, undefined);
  }

  private async sendNow(metric: Metric, labels: Readonly<Record<string, string>>, value: number | undefined) {
    const now = (await this.prometheus.number("vector(time())")) ?? 0;
    await this.send([{ metric, labels, timeMs: Math.round(now * secondMs), value: value ?? now }]);
  }

  private async stored(dayStartMs: number): Promise<ReadonlyMap<string, Stored>> {
    const names = [...ofPrometheus.keys()].join("|");
    const series = await this.prometheus.samples(`{__name__=~"${names}"}[${dayMs}ms]`, {
      at: (dayStartMs + dayMs - 1) / secondMs,
    });
    const all = new Map<string, Stored>();
    for (const { metric: found, values } of series) {
      const name = found["__name__"] ?? "";
      const metric = ofPrometheus.get(name);
      const labels = Object.fromEntries(Object.entries(found).filter(([label]) => !added.has(label)));
      if (metric !== undefined) {
        const sum = values.reduce((total, [, text]) => total + Number(text), 0);
        const lastMs = Math.max(...values.map(([seconds]) => Math.round(seconds * secondMs)));
        all.set(seriesKey(name, labels), { metric, labels, sum, lastMs });
      }
    }
    return all;
  }

  private async send(samples: readonly Sample[]): Promise<void> {
    for (let at = 0; at < samples.length; at += samplesPerRequest) {
      const gauges = samples.slice(at, at + samplesPerRequest).map(({ metric, labels, timeMs, value }) => ({
        name: metric.name,
        unit: metric.unit,
        points: [{ attributes: labels, timeMs, value }],
      }));
      const body = gaugesRequest({ resource: { "service.name": service }, scope: { name: service } }, gauges);
      const response = await fetch(`${this.otlpUrl}/v1/metrics`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      if (!response.ok) {
        throw new Error(`Prometheus answered ${response.status} to the bill's figures: ${text.slice(0, 500)}`);
      }
    }
  }
}

function correctionsOf(
  dayStartMs: number,
  figures: ReadonlyMap<string, Figure>,
  stored: ReadonlyMap<string, Stored>,
): Sample[] {
  return [...new Set([...figures.keys(), ...stored.keys()])].flatMap((key) => {
    const found = stored.get(key);
    const figure = figures.get(key);
    const series = figure ?? found;
    if (series === undefined) {
      return [];
    }
    const { metric, labels } = series;
    const value = (figure?.value ?? 0) - (found?.sum ?? 0);
    const timeMs = found === undefined ? billTimeMs(dayStartMs) : found.lastMs + secondMs;
    return Math.abs(value) < tolerance(figure?.value ?? 0) ? [] : [{ metric, labels, timeMs, value }];
  });
}

/** Sums of decimals in binary differ in the last digits. */
function tolerance(value: number): number {
  return Math.max(1e-9, Math.abs(value) * 1e-12);
}
