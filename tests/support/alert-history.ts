import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { type Level, levels, rollupNames } from "../../dashboards/rollups/levels";
import { rollupDimensions, rollupName, type Scope, scopes, type Signal, signals } from "../../dashboards/telemetry";

type Labels = Readonly<Record<string, string>>;

/** Seconds in a minute, an hour, a day and a week. */
export const span = { minute: 60, hour: 3600, day: 86_400, week: 604_800 } as const;

/** How long after a window's end its first pass records it. */
const firstPass = 10 * span.minute;
/** How far back windows are marked as evaluated: queries look for a head no further, or for what was known weeks ago. */
const marked: Readonly<Record<string, number>> = { "5m": span.day, "1h": 40 * span.day };
const steps = Object.values<Level>(levels).map((level) => ({ level, seconds: level.stepSeconds }));

/**
 * What Prometheus holds at an instant: raw samples, and the roll-ups that it would have recorded until then, worked out
 * here by plain arithmetic.
 */
export class History {
  private readonly series = new Map<string, Map<number, number>>();

  /**
   * @param at the instant at which alerts are evaluated, in seconds since 1970
   * @param since when the first window was evaluated. Default: 40 days before
   */
  constructor(
    readonly at: number,
    since = 0,
  ) {
    for (const { level, seconds } of steps) {
      const from = Math.max(at - (marked[level.step] ?? 0), since);
      for (let end = Math.ceil(from / seconds) * seconds; end <= at - firstPass; end += seconds) {
        this.add(rollupNames.evaluated, rolledUp(level.step), end, 1);
      }
    }
  }

  /** An amount that a client reported. Without session in the roll-ups, as the rules make them. */
  report(signal: Signal, labels: Labels, at: number, amount: number): this {
    this.add(signal.metric, { session_id: `of-${labels["user"] ?? "nobody"}`, ...labels }, at, amount);
    for (const { level, seconds } of steps) {
      const end = Math.ceil(at / seconds) * seconds;
      if (end <= this.at - firstPass) {
        this.addRollups(signal, labels, rolledUp(level.step), end, amount);
      }
    }
    return this;
  }

  /** USD that was reported two hours late: first passes missed it, and one that lags has recorded it since. */
  spendLate(usd: number, at: number, labels: Labels): this {
    this.add(signals.cost.metric, { session_id: "late", ...labels }, at, usd);
    for (const { level, seconds } of steps) {
      const [lag = 0] = level.lags;
      const recorded = Math.ceil(at / seconds) * seconds + lag;
      if (recorded <= this.at) {
        const pass = { [rollupNames.pass]: "late", [rollupNames.lag]: `${lag}s` };
        this.addRollups(signals.cost, labels, { ...rolledUp(level.step), ...pass }, recorded, usd);
      }
    }
    return this;
  }

  /** USD that a user spent. */
  spend(usd: number, at: number, { user = "alice", team = "platform", model = "claude-sonnet-4-5" } = {}): this {
    return this.report(signals.cost, { user, team, model }, at, usd);
  }

  /** What a scrape each minute found from one instant to another. */
  scraped(series: string, value: (minute: number) => number, from = this.at - 6 * span.hour, to = this.at): this {
    const [, name = "", labels = ""] = /^(\w+)\{(.*)\}$/.exec(series) ?? [undefined, series];
    // What a matcher leaves out is no label of the series.
    const own = labels.replaceAll(/\w+![=~]"[^"]*",?/g, "");
    for (let at = from, minute = 0; at <= to; at += span.minute, minute += 1) {
      this.addText(`${name}{${own}}`, at, value(minute));
    }
    return this;
  }

  /** One sample as it is; what lies at the same instant of the same series is added up. */
  add(metric: string, labels: Labels, at: number, value: number): void {
    const text = Object.entries(labels).map(([name, content]) => `${name}=${JSON.stringify(content)}`);
    this.addText(`${metric}{${text.sort().join(",")}}`, at, value);
  }

  /** Writes it as blocks into a Prometheus' data folder. */
  writeBlocks(promtool: string, directory: string, dataDirectory: string): void {
    const file = path.join(directory, `history-${this.at}.om`);
    const lines = [...this.series].flatMap(([series, samples]) =>
      [...samples].sort(([a], [b]) => a - b).map(([at, value]) => `${series} ${value} ${at}`),
    );
    fs.writeFileSync(file, `${[...lines, "# EOF"].join("\n")}\n`);
    const args = ["tsdb", "create-blocks-from", "openmetrics", "--quiet", "--max-block-duration=30d"];
    execFileSync(promtool, [...args, file, dataDirectory], { stdio: "pipe" });
    fs.rmSync(file);
  }

  /** One amount in the roll-ups of every scope, with the labels that each keeps. */
  private addRollups(signal: Signal, labels: Labels, pass: Labels, at: number, amount: number): void {
    for (const scope of Object.keys(scopes) as Scope[]) {
      const kept = rollupDimensions(signal, scope);
      const own = Object.fromEntries(Object.entries(labels).filter(([name]) => kept.includes(name)));
      this.add(rollupName(signal, scope), { ...own, ...pass }, at, amount);
    }
  }

  private addText(series: string, at: number, value: number): void {
    const samples = this.series.get(series) ?? new Map<number, number>();
    samples.set(at, (samples.get(at) ?? 0) + value);
    this.series.set(series, samples);
  }
}

function rolledUp(step: string): Labels {
  return { [rollupNames.step]: step, [rollupNames.pass]: "0" };
}
