import { type Level, levels, rollupNames, timing } from "../../dashboards/rollups/levels";
import { firstWindowEnd } from "../../cli/recompute/recomputations";
import { metrics } from "../../telemetry/client-metrics";
import type { Metric } from "../../telemetry/metric";
import { type ListPrice, priceTable } from "../../telemetry/prices";
import { clientVersions, type Location, locations, teams, terminals } from "../../synthetic/company";
import { models } from "../../synthetic/prices";
import { rollupDimensions, rollupName, type Signal, signals, signalScopes } from "../../dashboards/signals";

/** A roll-up that the generator writes beside the raw series, as the recording rules would have. */
export interface RollupSpec {
  readonly metric: string;
  /** Name of the recorded series. */
  readonly record: string;
  /** The labels that it keeps. */
  readonly labels: readonly string[];
}

/** A level that every roll-up is recorded at. */
export interface LevelSpec {
  /** Names it, in {@link HistorySpec.stepLabel}. */
  readonly step: string;
  /** Length of its windows. */
  readonly stepSeconds: number;
  /** How long after a multiple of the step each of them ends. */
  readonly phaseSeconds: number;
}

/** What developers work with: that of the demo's company. */
export interface CompanySpec {
  readonly locations: readonly Location[];
  readonly terminals: readonly string[];
  readonly languages: readonly string[];
  readonly models: typeof models;
  /** USD per million tokens, by model. */
  readonly prices: Readonly<Record<string, ListPrice>>;
  /** The newest client's version is `<line>.<patch>`; older ones have smaller patches. */
  readonly newestClient: { readonly line: string; readonly patch: number };
}

/** What the generator has to know of the stack and of the company; it knows the client by itself. */
export interface HistorySpec {
  readonly company: CompanySpec;
  /** Names in Prometheus, by the keys of `telemetry/client-metrics.ts`. */
  readonly metrics: Readonly<Record<keyof typeof metrics, string>>;
  readonly rollups: readonly RollupSpec[];
  readonly levels: readonly LevelSpec[];
  /** How long after the end of a window it is recorded. No sample is late, so that the first pass records all. */
  readonly delaySeconds: number;
  /** Distance of evaluations. A series ends at the first that does not give it. */
  readonly intervalSeconds: number;
  /** Label that names a recorded series' level. */
  readonly stepLabel: string;
  /** Series that is 1 whenever a level's window is recorded. */
  readonly marker: string;
}

/** As Prometheus evaluates the stack's group of rules. Any moment would do at which a window is the newest. */
const delaySeconds = 81;

/** Every metric of clients, and its roll-ups. What the collector makes of events is not generated. */
export function historySpec(): HistorySpec {
  const names = Object.entries<Metric>(metrics).map(([key, { prometheus }]) => [key, prometheus] as const);
  const generated = new Set(names.map(([, name]) => name));
  return {
    company: companySpec(),
    metrics: Object.fromEntries(names) as HistorySpec["metrics"],
    rollups: Object.values<Signal>(signals)
      .filter(({ metric }) => generated.has(metric))
      .flatMap((signal) =>
        signalScopes(signal).map((scope) => ({
          metric: signal.metric,
          record: rollupName(signal, scope),
          labels: rollupDimensions(signal, scope),
        })),
      ),
    levels: Object.values<Level>(levels).map((level) => ({
      step: level.step,
      stepSeconds: level.stepSeconds,
      phaseSeconds: firstWindowEnd(level, 0) % level.stepSeconds,
    })),
    delaySeconds,
    intervalSeconds: timing.fine.stepSeconds,
    stepLabel: rollupNames.step,
    marker: rollupNames.evaluated,
  };
}

function companySpec(): CompanySpec {
  const newest = clientVersions.newest.split(".");
  return {
    locations,
    terminals: [...terminals.darwin, ...terminals.linux],
    languages: [...new Set(teams.flatMap(({ repositories }) => repositories).flatMap(({ languages }) => languages))],
    models,
    prices: Object.fromEntries(Object.values(models).map((model) => [model, priceTable.perMillionTokens[model]])),
    newestClient: { line: newest.slice(0, -1).join("."), patch: Number(newest.at(-1)) },
  };
}
