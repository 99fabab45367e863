import type { OwnPrices } from "../telemetry/prices";
import type { Text } from "./text/text";

/** Payment plan of the organisation. */
export interface Plan {
  /** Payment for clients that do not say it: `api` by use, `seats` by seat. */
  readonly kind: "api" | "seats";
  /** The seats that the organisation pays for. Undefined: not known, or none. */
  readonly seats?: {
    readonly count: number;
    /** USD for one seat and month. */
    readonly price: number;
  };
}

/** Reference of panels and variables to a data source. */
export interface DataSourceReference {
  readonly type: "prometheus" | "loki" | "tempo";
  readonly uid: string;
}

/** Data sources of single events and of traces. */
export interface EventStores {
  readonly loki: DataSourceReference;
  /** Undefined: there is none. */
  readonly tempo?: DataSourceReference;
}

/** The provider's own figures, where a job reads them. */
export interface BillOptions {
  /** Least share of the charged Claude Code dollars that telemetry must have seen, 0 to 1. */
  readonly minCoverage: number;
  /** USD of a day that may stay without an explanation. */
  readonly maxUnexplainedUsd: number;
  /** Expiry of the key, in seconds since 1970. Undefined: it does not expire, or nobody said when. */
  readonly keyExpires?: number;
  /** Age at which a day's figures no longer change, in seconds since the end of the day. */
  readonly settleAfterSeconds: number;
}

/** One of several editions of the same dashboards, each for other readers. */
export interface Edition {
  /** Last part of their uids. */
  readonly key: string;
  /** Last part of their titles. */
  readonly title: string;
}

/** Options that all dashboards and alerts share. */
export interface DashboardOptions {
  /** Every word shown. */
  readonly text: Text;
  /** IANA name of the zone in which days begin, or `browser` for the reader's own. */
  readonly timeZone: string;
  /** Ranges up to this are answered from raw series, longer ones from roll-ups. In seconds. */
  readonly rawRangeSeconds: number;
  readonly dataSource: DataSourceReference;
  /** Undefined: events are counted and not kept, and what shows them is left out. */
  readonly events?: EventStores;
  /** Export interval of the clients' metrics. Default: 60 seconds. */
  readonly metricsIntervalSeconds?: number;
  /** True if the stack takes backups. Default true. */
  readonly backups?: boolean;
  readonly plan: Plan;
  /** Prices of the organisation's own. Default: the list prices alone. */
  readonly ownPrices?: OwnPrices;
  /** USD per month that the organisation means to spend; undefined: no budget. */
  readonly monthlyBudget: number | undefined;
  /** Undefined: nobody reads the provider's figures, and the dashboard of them says how to switch that on. */
  readonly bill?: BillOptions;
  /** Clients with an older version are listed as outdated; undefined: all versions are listed. */
  readonly minimumClientVersion: string | undefined;
  /** Shows people, their machines and their sessions one by one. Default true. */
  readonly people?: boolean;
  /** The only team that is shown. Default: a reader picks among all. */
  readonly team?: string;
  /** Default: the one whose uids are in links and bookmarks. */
  readonly edition?: Edition;
}
