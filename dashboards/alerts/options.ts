/** Days and hours of a week, in the alerts' time zone. */
export interface WeeklyHours {
  /** 0 is Sunday. */
  readonly firstDay: number;
  /** May lie before the first: Friday to Monday is one span. */
  readonly lastDay: number;
  /** Minutes since midnight. */
  readonly from: number;
  /** Minutes since midnight, after `from`. */
  readonly to: number;
}

/** Budgets in USD. A budget that is undefined or not in a map has no alert. */
export interface Budgets {
  readonly organisation: Budget;
  readonly teams: { readonly day: ReadonlyMap<string, number>; readonly month: ReadonlyMap<string, number> };
  /** For each user. */
  readonly user: Budget;
  /** From which share of a budget on a warning fires, in percent. */
  readonly warningPercent: number;
}

/** A budget in USD for each unit of time. */
export interface Budget {
  readonly day: number | undefined;
  readonly month: number | undefined;
}

/** A store of events or traces: the job's name under which Prometheus scrapes it. */
export type EventStore = "loki" | "tempo";

/** Options of alerts, besides those of dashboards. */
export interface AlertOptions {
  /** IANA name of the zone in which days, months and working hours are meant. */
  readonly timeZone: string;
  /** Time of the deployment. Clock changes of the zone are known for the three years that follow. */
  readonly now: Date;
  readonly budgets: Budgets;
  /** USD below which neither an hour nor a user's day is called unusual. */
  readonly minimumUsd: number;
  readonly workingHours: WeeklyHours;
  /** URL of the `docs` folder. Undefined: alerts name the page and do not link it. */
  readonly docsUrl: string | undefined;
  /** The collection that this stack deploys and can watch; undefined: it is somebody else's. */
  readonly collection:
    | {
        readonly collectors: number;
        /** Stores of events and traces that are deployed with it. Default: none. */
        readonly stores?: readonly EventStore[];
        /** Stores with backups, and the age in seconds at which a missing backup alerts. Default: none. */
        readonly backups?: { readonly stores: readonly string[]; readonly maxAgeSeconds: number };
      }
    | undefined;
}
