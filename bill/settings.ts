import type { IdentityMode } from "../components/collector/identity";
import type { OwnPrices } from "../telemetry/prices";

/** Generations of the provider's API: the Usage and Cost Analytics API, and the usage and cost reports before it. */
export type BillApi = "analytics" | "reports";

/** Settings of the job. They hold no secret. */
export interface BillSettings {
  /** Base URL of the provider's API. */
  readonly url: string;
  /** `auto`: analytics, and reports where the key may not read those. */
  readonly api: BillApi | "auto";
  /** Number of days that are read, today among them. */
  readonly days: number;
  /** A day whose end lies further behind the provider's watermark than this is settled, in seconds. */
  readonly settleAfterSeconds: number;
  /** People as clients name them, by the provider's id or name of a key, account or service, or by mail address. */
  readonly people: Readonly<Record<string, string>>;
  /** Workspaces whose use is Claude Code's, for the reports, which know no product. */
  readonly claudeCodeWorkspaces: readonly string[];
  readonly identity: IdentityMode;
  /** True where cost of clients that do not tell a seat from metered use counts as a seat's. */
  readonly seatsUnlessSaid: boolean;
  /** Prices of the organisation's own. Default: the list's. */
  readonly ownPrices?: OwnPrices;
  /** Names of models by what the provider reports. */
  readonly modelAliases: Readonly<Record<string, string>>;
  /** Most requests to the provider. */
  readonly requestsPerMinute: number;
  /** Pause before a request is tried again, in milliseconds; it doubles each time. Default a second. */
  readonly retryPauseMs?: number;
  /** Base URL of Prometheus, which is read. */
  readonly prometheusUrl: string;
  /** Base URL of its OTLP receiver. */
  readonly prometheusOtlpUrl: string;
}

/** The secrets that a run needs. */
export interface BillSecrets {
  readonly key: string;
  /** Key of pseudonyms. Default: none, where people keep their names. */
  readonly pseudonymKey?: string;
}
