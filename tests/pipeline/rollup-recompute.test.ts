import * as assert from "node:assert/strict";
import { Random } from "../../synthetic/random";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { rollupNames } from "../../dashboards/rollups/levels";
import {
  firstWindowEnd,
  openMetricsLines,
  type Recomputation,
  recomputations,
  youngestWindow,
} from "../../cli/recompute/recomputations";
import { rollupName, type Scope, type Signal, signals } from "../../dashboards/signals";
import { pipelineBinaries } from "../support/collectors/pipeline-binaries";
import { removeTemporaryDirectory, temporaryDirectory } from "../support/processes";
import { PrometheusProcess } from "../support/prometheus/prometheus-process";

const from = Date.parse("2026-03-02T00:00:00Z") / 1000;
const hours = 24;
const to = from + hours * 3600;
const sessions = 3;
const scopes: readonly Scope[] = ["team", "user", "device"];

/** What clients report of a signal: whole units of so much, and for each series the most that a sample has of them. */
interface Amounts {
  readonly signal: Signal;
  /** Sets the series apart. */
  readonly label: string;
  readonly unitsPerOne: number;
  readonly most: Readonly<Record<string, number>>;
  /** Difference up to which sums are the same. */
  readonly tolerance: number;
}

const reported: readonly Amounts[] = [
  {
    signal: signals.cost,
    label: "model",
    unitsPerOne: 1e9,
    most: { cents: 1e-2, dollars: 10, thousands: 1e4, most: 1e5 },
    tolerance: 1e-6,
  },
  {
    signal: signals.tokens,
    label: "type",
    unitsPerOne: 1,
    most: { few: 10, thousands: 1e4, millions: 5e6, billions: 1e10 },
    tolerance: 0,
  },
  {
    signal: signals.activeTime,
    label: "type",
    unitsPerOne: 1e3,
    most: { seconds: 10, days: 1e5, months: 5e6, most: 1e8 },
    tolerance: 1e-3,
  },
];

/** Raw samples of a day, three in a window, as OpenMetrics without the end mark; and their sums, in units, by series. */
function rawSamples(): { readonly text: string; readonly units: ReadonlyMap<string, bigint> } {
  const random = new Random(17);
  const units = new Map<string, bigint>();
  const lines: string[] = [];
  for (const { signal, label, unitsPerOne, most } of reported) {
    for (const [name, largest] of Object.entries(most)) {
      for (let session = 0; session < sessions; session += 1) {
        for (let time = from + 100 + session; time < to; time += 300) {
          const sample = 1 + Math.floor(random.next() * largest * unitsPerOne);
          const labels = `session_id="s${session}",team="core",user="ada",device="laptop",${label}="${name}"`;
          lines.push(`${signal.metric}{${labels}} ${sample / unitsPerOne} ${time}\n`);
          units.set(`${signal.metric} ${name}`, (units.get(`${signal.metric} ${name}`) ?? 0n) + BigInt(sample));
        }
      }
    }
  }
  return { text: lines.join(""), units };
}

describe("roll-ups that are filled from raw samples of every size", function () {
  this.timeout(120_000);
  const { text, units } = rawSamples();
  let directory: string;
  let prometheus: PrometheusProcess;

  before(async () => {
    directory = temporaryDirectory("claude-monitoring-recompute");
    const { prometheus: binary } = await pipelineBinaries();
    // Whenever this runs, the day is kept.
    prometheus = await PrometheusProcess.prepare(binary, directory, { outOfOrderTimeWindow: "31h", retention: "100y" });
    await addBlocks("raw", text);
    for (const [index, round] of recomputations("first").entries()) {
      await addBlocks(`round-${index}`, await missing(round));
    }
  });

  after(async () => {
    await prometheus.stop();
    removeTemporaryDirectory(directory);
  });

  /** Writes blocks, which Prometheus finds at its start. */
  async function addBlocks(name: string, samples: string): Promise<void> {
    const { promtool } = await pipelineBinaries();
    const file = path.join(directory, `${name}.om`);
    fs.writeFileSync(file, `${samples}# EOF\n`);
    await prometheus.stop();
    execFileSync(promtool, ["tsdb", "create-blocks-from", "openmetrics", "--quiet", file, prometheus.dataDirectory]);
    await prometheus.start();
  }

  /** The samples that `npm run recompute` adds in a round. */
  async function missing(round: readonly Recomputation[]): Promise<string> {
    const lines: string[] = [];
    for (const task of round) {
      const start = firstWindowEnd(task.level, from);
      const { stepSeconds } = task.level;
      const answer = await prometheus.reader.queryRange(task.expr, { start, end: to + stepSeconds, step: stepSeconds });
      lines.push(openMetricsLines(task, answer, youngestWindow / 2));
    }
    return lines.join("");
  }

  it("hold what clients reported, at every level and scope", async () => {
    for (const { signal, label, unitsPerOne, tolerance } of reported) {
      for (const [scope, step] of scopes.flatMap((one) => [[one, "5m"] as const, [one, "1h"] as const])) {
        const series = `${rollupName(signal, scope)}{${rollupNames.step}="${step}"}`;
        const query = `sum by (${label}) (sum_over_time(${series}[${hours + 2}h]))`;
        const found = await prometheus.reader.query(query, { at: to + 7200 });
        assert.equal(found.length, 4, series);
        for (const { labels, value } of found) {
          const name = labels[label]!;
          const expected = Number(units.get(`${signal.metric} ${name}`)) / unitsPerOne;
          const difference = Math.abs(value - expected);
          assert.ok(difference <= tolerance, `${series} ${name}: found ${value}; expected ${expected}`);
        }
      }
    }
  });

  it("hold whole numbers as whole numbers", async () => {
    const step = `[${hours + 2}h:1m]`;
    for (const scope of scopes) {
      const fractions = `max_over_time((last_over_time(${rollupName(signals.tokens, scope)}[1m]) % 1)${step})`;
      assert.equal(await prometheus.reader.number(`max(${fractions})`, { at: to + 7200 }), 0, scope);
    }
  });

  it("lack nothing afterwards, whatever the size: sums are rounded by less than what counts as missing", async () => {
    for (const round of recomputations("again")) {
      assert.equal(await missing(round), "");
    }
  });
});
