import { runEventLoad, type SentRequest } from "../support/clients/event-load";
import { type LedgerEntry, runLoad } from "../support/clients/load-generator";

const metricsPerSecond = 10;
const eventsPerSecond = 5;

/** What the clients of two teams send for some seconds. */
export interface TeamLoadOptions {
  /** First part of every session, after the team. */
  readonly name: string;
  readonly seconds: number;
  /** Base URLs of OTLP/HTTP receivers, one for each client machine; the teams take turns. */
  readonly endpoints: readonly string[];
  /** Authorization header of each team. */
  readonly authorizations: ReadonlyMap<string, string>;
}

/** What was sent, and how it was answered. A session's name begins with its team. */
export interface TeamLedger {
  /** Each export is a session of its own. */
  readonly metrics: readonly LedgerEntry[];
  readonly events: readonly SentRequest[];
}

/** Sends, and waits until the last export was answered or given up. */
export async function teamLoad(options: TeamLoadOptions): Promise<TeamLedger> {
  const { name, seconds, endpoints } = options;
  const teams = [...options.authorizations];
  const loads = endpoints.map(async (url, machine) => {
    const [team = "", authorization = ""] = teams[machine % teams.length] ?? [];
    const load = (kind: string, perSecond: number) => ({
      // As the client claims it: the collector books by credential.
      team: `${team}-${name}-${kind}${machine}`,
      ...{ url, perSecond, exports: perSecond * seconds },
      access: { authorization: () => authorization },
    });
    return Promise.all([runLoad(load("m", metricsPerSecond)), runEventLoad(load("e", eventsPerSecond))]);
  });
  const ledgers = await Promise.all(loads);
  return {
    metrics: ledgers.flatMap(([{ entries }]) => entries),
    events: ledgers.flatMap(([, events]) => events),
  };
}

/** Several loads as one. */
export function together(...ledgers: readonly TeamLedger[]): TeamLedger {
  return {
    metrics: ledgers.flatMap(({ metrics }) => metrics),
    events: ledgers.flatMap(({ events }) => events),
  };
}
