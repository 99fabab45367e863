import { events } from "../telemetry/events";
import { dayMs } from "../units";
import { company, Member } from "./company";
import { Conversation } from "./conversation";
import { Batch, DemoExport, exportsOf } from "./exports";
import { Ledger, LedgerBook } from "./ledger";
import { Moments } from "./moments";
import { Random } from "./random";
import type { Recorded } from "./recorded";
import { Recorder } from "./recorder";
import { ClientProcess, processesOf } from "./schedule";

/** Events of days before the last: prompts and requests, so that both ledgers agree. */
const olderEvents = new Set<string>([events.userPrompt, events.apiRequest, events.apiError]);
/** Minutes between two exports of days before the last: ten times fewer exports, and the same amounts. */
const minutesPerExport = 10;

/** Arguments of a demo: the same seed and the same moment give the same demo, byte by byte. */
export interface DemoArgs {
  /** Any whole number; its lowest 32 bits count. */
  readonly seed: number;
  /** The end of the last day, in milliseconds since 1970. */
  readonly now: number;
  /** Number of days that end at that time; at least 1. Only the last one, a busy day, has all events, and spans. */
  readonly days: number;
}

/** Some days of a company. */
export interface Demo {
  readonly members: readonly Member[];
  /** The exports of every process, in order, day by day. Those of one process have to be sent one after the other. */
  readonly processes: readonly (readonly DemoExport[])[];
  readonly ledger: Ledger;
}

/** Makes up the days that end `now`. */
export function demo({ seed, now, days }: DemoArgs): Demo {
  const members = company(seed, now);
  const book = new LedgerBook();
  const taken = new Set<string>();
  const moments = new Moments(Random.for(seed, now, "moments").integer(0, 2 ** 16));
  const processes = Array.from({ length: days }, (_, index) => days - 1 - index).flatMap((daysAgo) =>
    members.flatMap((member) =>
      processesOf(member, seed, now - daysAgo * dayMs, daysAgo === 0).map((process) => {
        const recorded = record(process, seed, moments);
        book.add(
          member.user,
          recorded.flatMap(({ recordings }) => recordings),
        );
        const sent =
          daysAgo === 0 ? batches(process, recorded, 1) : batches(process, recorded.map(lightened), minutesPerExport);
        return exportsOf(process, sent, taken);
      }),
    ),
  );
  return { members, processes, ledger: book.ledger };
}

/** The reports of one run of a client, interval by interval. */
function record(process: ClientProcess, seed: number, moments: Moments): Recorded[] {
  const random = Random.for(seed, "activity", process.sessionId, process.intervals[0]?.fromMs ?? 0);
  const conversation = new Conversation(process, random);
  const recorder = new Recorder(process, random, moments);
  return process.intervals.map((interval, index) => {
    const steps = interval.activity === "idle" ? [] : conversation.prompt(interval.activity);
    return recorder.interval(interval, index === 0, steps);
  });
}

/** Leaves out what a day before the last does not send: most kinds of events, and spans. */
function lightened({ recordings, events: all }: Recorded): Recorded {
  return { recordings, events: all.filter(({ name }) => olderEvents.has(name)), spans: [] };
}

/** The reports of so many intervals together; the last batch may have fewer. */
function batches({ intervals }: ClientProcess, recorded: readonly Recorded[], size: number): Batch[] {
  return intervals.flatMap(({ toMs }, index) => {
    const isLast = index === intervals.length - 1 || index % size === size - 1;
    return isLast ? [{ toMs, recorded: recorded.slice(index - (index % size), index + 1) }] : [];
  });
}
