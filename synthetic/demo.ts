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
  /** Number of days that end at that time; at least 1. The last one is a busy day, and the only one with all events and spans. */
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
        return exportsOf(process, daysAgo === 0 ? byMinute(process, recorded) : thinned(process, recorded), taken);
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

function byMinute({ intervals }: ClientProcess, recorded: readonly Recorded[]): Batch[] {
  return intervals.map(({ toMs }, index) => ({ toMs, recorded: recorded.slice(index, index + 1) }));
}

function thinned({ intervals }: ClientProcess, recorded: readonly Recorded[]): Batch[] {
  const kept = recorded.map(({ recordings, events: all }) => {
    return { recordings, events: all.filter(({ name }) => olderEvents.has(name)), spans: [] };
  });
  return intervals.flatMap(({ toMs }, index) => {
    const last = index === intervals.length - 1 || index % minutesPerExport === minutesPerExport - 1;
    const from = index - (index % minutesPerExport);
    return last ? [{ toMs, recorded: kept.slice(from, index + 1) }] : [];
  });
}
