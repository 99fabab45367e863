import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { type levels, rollupNames } from "../../../dashboards/rollups/levels";
import { rollupDimensions, rollupName, type Signal, signals, signalScopes } from "../../../dashboards/signals";

type Labels = Readonly<Record<string, string>>;

/** Seconds in a minute, an hour, a day and a week. */
export const span = { minute: 60, hour: 3600, day: 86_400, week: 604_800 } as const;

const step = 5 * span.minute;
/** How far after full five minutes, where windows end, the rules are evaluated. */
const phase = 81;
/** How much later than the first pass the first late one reads a window. */
const firstLag = 2 * span.hour;
/** How far back evaluations are marked: queries look no further for what was known weeks ago. */
const marked = { "5m": span.day, "1h": 40 * span.day } as const satisfies Record<keyof typeof levels, number>;

/** The evaluation that books an instant's window first. */
function fineBooking(at: number): number {
  return Math.ceil(at / step) * step + phase;
}

/** The last evaluation of an hour, the first that sees what was booked at an instant. */
function coarseBooking(fine: number): number {
  const last = span.hour - step + phase;
  return Math.ceil((fine - last) / span.hour) * span.hour + last;
}

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
    for (const [level, seconds] of Object.entries(marked)) {
      const begin = Math.max(at - seconds, since);
      const [first, every] = level === "5m" ? [fineBooking(begin), step] : [coarseBooking(begin), span.hour];
      for (let evaluation = first; evaluation <= at; evaluation += every) {
        this.add(rollupNames.evaluated, { [rollupNames.step]: level }, evaluation, 1);
      }
    }
  }

  /** An amount that a client reported. Without session in the roll-ups, as the rules make them. */
  report(signal: Signal, labels: Labels, at: number, amount: number): this {
    this.add(signal.metric, { session_id: `of-${labels["user"] ?? "nobody"}`, ...labels }, at, amount);
    this.book(signal, labels, fineBooking(at), amount);
    return this;
  }

  /** USD that was reported two hours late: first passes missed it, and one that lags has booked it since. */
  spendLate(usd: number, at: number, labels: Labels): this {
    this.add(signals.cost.metric, { session_id: "late", ...labels }, at, usd);
    this.book(signals.cost, labels, fineBooking(at) + firstLag, usd, { [rollupNames.lag]: `${firstLag}s` });
    return this;
  }

  /** USD that a user spent, more labels as given. */
  spend(usd: number, at: number, more: Labels = {}): this {
    const labels = { user: "alice", team: "platform", model: "claude-sonnet-4-5", ...more };
    return this.report(signals.cost, labels, at, usd);
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

  /**
   * One amount in the roll-ups of every level and scope, with the labels that each keeps, where they are booked by now.
   *
   * @param pass labels of the pass over raw samples, which the widest scope of the fine level alone has
   */
  private book(signal: Signal, labels: Labels, fine: number, amount: number, pass: Labels = {}): void {
    const widest = signalScopes(signal).at(-1);
    for (const [level, booked] of [["5m", fine] as const, ["1h", coarseBooking(fine)] as const]) {
      for (const scope of booked > this.at ? [] : signalScopes(signal)) {
        const kept = rollupDimensions(signal, scope);
        const own = Object.fromEntries(Object.entries(labels).filter(([name]) => kept.includes(name)));
        const more = level === "5m" && scope === widest ? pass : {};
        this.add(rollupName(signal, scope), { ...own, ...more, [rollupNames.step]: level }, booked, amount);
      }
    }
  }

  private addText(series: string, at: number, value: number): void {
    const samples = this.series.get(series) ?? new Map<number, number>();
    samples.set(at, (samples.get(at) ?? 0) + value);
    this.series.set(series, samples);
  }
}
