import { levels, rollupNames } from "../dashboards/rollups/levels";
import { everyRollup } from "../dashboards/rollups/rules";
import { metrics, rollupDimensions, rollupName } from "../dashboards/telemetry";

/** A roll-up that the generator writes beside the raw series, as the recording rules would have. */
export interface RollupSpec {
  readonly metric: string;
  /** Name of the recorded series. */
  readonly record: string;
  /** The labels that it keeps. */
  readonly labels: readonly string[];
  /** Lengths of its windows, in Prometheus' notation. */
  readonly steps: readonly string[];
}

/** What the generator has to know of the stack; it knows the client by itself. */
export interface HistorySpec {
  /** Names in Prometheus, by the keys of `dashboards/telemetry.ts`. */
  readonly metrics: Readonly<Record<keyof typeof metrics, string>>;
  readonly rollups: readonly RollupSpec[];
  /** Label that names a recorded series' step. */
  readonly stepLabel: string;
  /** Label that names the pass that recorded it; here always `0`, as nothing is late. */
  readonly passLabel: string;
  /** Series that is 1 at every instant that has been evaluated. */
  readonly marker: string;
}

/** Every metric of clients, and its roll-ups. What the collector makes of events is not generated. */
export function historySpec(): HistorySpec {
  const generated = new Set<string>(Object.values(metrics));
  return {
    metrics,
    rollups: everyRollup
      .filter(({ signal }) => generated.has(signal.metric))
      .map(({ signal, scope }) => ({
        metric: signal.metric,
        record: rollupName(signal, scope),
        labels: rollupDimensions(signal, scope),
        steps: Object.keys(levels),
      })),
    stepLabel: rollupNames.step,
    passLabel: rollupNames.pass,
    marker: rollupNames.evaluated,
  };
}
