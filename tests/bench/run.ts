import * as fs from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";

import { durationSeconds } from "../../units";
import { progress, runCommand } from "../../cli/progress";
import { type CheckResult, checkMarkers, checkRollups, checkTotals, joined } from "./check";
import { clientLoadTable, defaultLoad, measureClients } from "./clients";
import { type Coldness, coldnessMeanings } from "./cold";
import { costTable, defaultCostOptions, defaultRate, measureCost } from "./cost";
import { collectorOf, costVariants } from "./cost-variants";
import { type FirstScreenOptions, firstScreens } from "./dashboard-queries";
import { ensureHistory, fullHistory, type HistoryParameters, smallHistory } from "./history";
import { historySpec } from "./history-spec";
import { defaultLoadOptions, loadTable, loadVariants, measureLoad } from "./load";
import { type DashboardQueries, measureDashboard, type Measurement, type MeasureOptions, variants } from "./measure";
import type { Signal } from "./load-sender";
import { profileCollector, profileTable } from "./profile";
import { BenchPrometheus } from "./prometheus";
import { measurementTable, queryTable } from "./table";

const signals: readonly Signal[] = ["metrics", "logs", "traces"];

const help = `Usage: npm run bench -- history | check | measure [FILE] | clients | load | cost | profile [options]

  history   writes the history (1,000 developers, 10 sessions a day, 90 days) into the cache, and says where it is
  check     compares a small history with what the real Prometheus makes of it
  measure   measures the first screens of the dashboards on the history, or the queries of a JSON file, a list of
            DashboardQueries (tests/bench/measure.ts)
  clients   sends what busy clients do, all three signals, and says what it takes
  load      sends metrics as fast as one and two collectors take them, with and without authentication and TLS, beside
            a collector that is scraped, and reads their memory after ever more sessions
  cost      sends one signal after the other, and says what an export costs collector and Prometheus: of this stack, of
            it without one promise each, of a plain collector, and of one that is scraped
  profile   sends one signal after the other at a steady rate, and says what the collector's time goes into (pprof)

  --clients N      clients at once, default ${defaultLoad.clients}
  --minutes N      how long they send, default ${defaultLoad.minutes}
  --cycles N       they export events and spans after so many times five seconds, default ${defaultLoad.cyclesPerExport}
  --developers N   default ${fullHistory.developers}; for check ${smallHistory.developers}
  --days N         default ${fullHistory.days}; for check ${smallHistory.days}
  --dashboard UID  measure this one only; may be repeated
  --range NAME     measure this range only, e.g. "7 days"; may be repeated
  --variant NAME   measure this one only: ${variants.join(", ")}; may be repeated
                   of load: ${loadVariants.map(({ name }) => `"${name}"`).join(", ")}
  --raw-range TIME measure dashboards that answer ranges up to this, e.g. 24h, from raw series; default: the stack's
  --seconds N      how long load, cost and profile send each time, default ${defaultLoadOptions.seconds}; for cost ${defaultCostOptions.seconds}
  --rate N         exports a second of cost and profile, default ${defaultRate}
  --busy           cost sends as fast as it is answered
  --rounds N       how often cost measures each, default ${defaultCostOptions.rounds}
  --beside FOLDER  another checkout, whose collector cost measures too
  --warm N         number of warm runs, default 3
  --no-cold        do not restart Prometheus before the first run
  --concurrency N  queries under way at once; default all
  --queries        print each query's time too`;

const dashboardsSchema = z.array(
  z.object({
    dashboard: z.string(),
    range: z.object({ name: z.string(), seconds: z.number().positive() }),
    queries: z.array(
      z.object({
        panel: z.string(),
        expr: z.string(),
        kind: z.enum(["instant", "range"]),
        stepSeconds: z.number().positive(),
        rawVariant: z.string().exactOptional(),
        seedVariant: z.string().exactOptional(),
      }),
    ),
  }),
);

const options = {
  help: { type: "boolean", default: false },
  busy: { type: "boolean", default: false },
  clients: { type: "string" },
  minutes: { type: "string" },
  cycles: { type: "string" },
  developers: { type: "string" },
  days: { type: "string" },
  seconds: { type: "string" },
  rate: { type: "string" },
  rounds: { type: "string" },
  beside: { type: "string" },
  variant: { type: "string", multiple: true },
  dashboard: { type: "string", multiple: true },
  range: { type: "string", multiple: true },
  "raw-range": { type: "string" },
  warm: { type: "string", default: "3" },
  cold: { type: "boolean", default: true },
  concurrency: { type: "string" },
  queries: { type: "boolean", default: false },
} as const;

runCommand(async (args) => {
  const { values, positionals } = parse(args);
  const [command, file] = positionals;
  switch (values.help ? undefined : command) {
    case "history":
      console.log(await ensureHistory(parametersOf(fullHistory, values), progress));
      return 0;
    case "check":
      return check(parametersOf(smallHistory, values));
    case "measure":
      return measure(file, values);
    case "clients":
      console.log(
        clientLoadTable(
          await measureClients({
            clients: wholeNumber("--clients", values.clients) ?? defaultLoad.clients,
            minutes: wholeNumber("--minutes", values.minutes) ?? defaultLoad.minutes,
            cyclesPerExport: wholeNumber("--cycles", values.cycles) ?? defaultLoad.cyclesPerExport,
          }),
        ),
      );
      return 0;
    case "load":
      return load(values);
    case "cost":
      return cost(values);
    case "profile":
      return profile(values);
    default:
      console.log(help);
      return values.help ? 0 : 1;
  }
});

/** What the command line says, besides the command. */
type Values = ReturnType<typeof parse>["values"];

function parse(args: string[]) {
  return parseArgs({ args, allowPositionals: true, allowNegative: true, options });
}

function parametersOf(defaults: HistoryParameters, { developers, days }: Values): HistoryParameters {
  return {
    ...defaults,
    developers: wholeNumber("--developers", developers) ?? defaults.developers,
    days: wholeNumber("--days", days) ?? defaults.days,
  };
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text !== undefined && !/^[1-9]\d{0,6}$/.test(text)) {
    throw new Error(`${option}: found "${text}"; expected a whole number above zero`);
  }
  return text === undefined ? undefined : Number(text);
}

async function load(values: Values): Promise<number> {
  const seconds = wholeNumber("--seconds", values.seconds) ?? defaultLoadOptions.seconds;
  const asked = loadVariants.filter(({ name }) => values.variant?.includes(name) ?? true);
  const results: Awaited<ReturnType<typeof measureLoad>>[] = [];
  for (const variant of asked) {
    results.push(await measureLoad(variant, { ...defaultLoadOptions, seconds }));
  }
  console.log(loadTable(results, defaultLoadOptions));
  return 0;
}

async function cost(values: Values): Promise<number> {
  const rounds = wholeNumber("--rounds", values.rounds) ?? defaultCostOptions.rounds;
  const options = { ...steadyLoad(values), ...(values.busy && { perSecond: undefined }), rounds };
  const beside = values.beside === undefined ? [] : [await collectorOf(values.beside)];
  const asked = [...beside, ...costVariants].filter(({ name }) => values.variant?.includes(name) ?? true);
  console.log(costTable(await measureCost(asked, options), options));
  return 0;
}

function steadyLoad(values: Values, seconds = defaultCostOptions.seconds) {
  return {
    perSecond: wholeNumber("--rate", values.rate) ?? defaultRate,
    seconds: wholeNumber("--seconds", values.seconds) ?? seconds,
    cycles: wholeNumber("--cycles", values.cycles) ?? defaultCostOptions.cycles,
  };
}

async function profile(values: Values): Promise<number> {
  const load = steadyLoad(values, defaultLoadOptions.seconds);
  const profiles: Parameters<typeof profileTable>[0][number][] = [];
  for (const signal of signals) {
    progress(signal);
    const sent = { ...load, signal };
    profiles.push([sent, await profileCollector(sent)]);
  }
  console.log(profileTable(profiles));
  return 0;
}

async function check(parameters: HistoryParameters): Promise<number> {
  const spec = historySpec();
  const prometheus = await BenchPrometheus.start(await ensureHistory(parameters, progress, spec));
  try {
    const { reader, truth } = prometheus;
    const results: Readonly<Record<string, CheckResult>> = {
      "roll-ups": await checkRollups(reader, spec, truth, 12),
      markers: await checkMarkers(reader, spec, truth),
      totals: await checkTotals(reader, spec, truth),
    };
    for (const [name, { compared, differences }] of Object.entries(results)) {
      progress(`${name}: ${compared} values compared, ${differences.length} differ`);
    }
    const { differences } = joined(Object.values(results));
    differences.slice(0, 20).forEach((difference) => {
      console.log(difference);
    });
    return differences.length === 0 ? 0 : 1;
  } finally {
    await prometheus.stop();
  }
}

async function measure(file: string | undefined, values: Values): Promise<number> {
  const prometheus = await BenchPrometheus.start(await ensureHistory(parametersOf(fullHistory, values), progress));
  try {
    const dashboards: readonly DashboardQueries[] =
      file === undefined
        ? await firstScreens(prometheus.url, prometheus.end, firstScreenOptions(values))
        : dashboardsSchema.parse(JSON.parse(fs.readFileSync(file, "utf8")));
    const measurements: Measurement[] = [];
    for (const dashboard of dashboards.filter((one) => isAskedFor(one, values))) {
      progress(`${dashboard.dashboard}, ${dashboard.range.name}: ${dashboard.queries.length} queries`);
      measurements.push(await measureDashboard(prometheus, dashboard, measureOptions(prometheus, values)));
    }
    report(measurements, values);
    return 0;
  } finally {
    await prometheus.stop();
  }
}

function firstScreenOptions({ "raw-range": rawRange }: Values): FirstScreenOptions {
  const rawRangeSeconds = rawRange === undefined ? undefined : durationSeconds(rawRange);
  if (rawRange !== undefined && rawRangeSeconds === undefined) {
    throw new Error(`--raw-range: found "${rawRange}"; expected a duration such as 24h`);
  }
  return rawRangeSeconds === undefined ? {} : { rawRangeSeconds };
}

function isAskedFor({ dashboard, range }: DashboardQueries, values: Values): boolean {
  return (values.dashboard ?? [dashboard]).includes(dashboard) && (values.range ?? [range.name]).includes(range.name);
}

function measureOptions(prometheus: BenchPrometheus, values: Values): MeasureOptions {
  const concurrency = wholeNumber("--concurrency", values.concurrency);
  return {
    warmRuns: wholeNumber("--warm", values.warm) ?? 3,
    variants: values.variant === undefined ? variants : variants.filter((name) => values.variant?.includes(name)),
    ...(values.cold ? { makeCold: () => prometheus.makeCold() } : {}),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
}

function coldnesses(measurements: readonly Measurement[]): Set<Coldness> {
  const runs = measurements.flatMap((measurement) => Object.values(measurement.variants));
  return new Set(runs.flatMap(({ cold }) => (cold === undefined ? [] : [cold.coldness])));
}

function report(measurements: readonly Measurement[], { queries }: Values): void {
  console.log(measurementTable(measurements));
  for (const coldness of coldnesses(measurements)) {
    console.log(`\nCold: ${coldnessMeanings[coldness]}.`);
  }
  for (const measurement of queries ? measurements : []) {
    for (const variant of variants.filter((name) => measurement.variants[name] !== undefined)) {
      console.log(`\n${measurement.dashboard}, ${measurement.range.name}, ${variant}\n`);
      console.log(queryTable(measurement, variant));
    }
  }
}
