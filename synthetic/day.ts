import { recordingsOf } from "./activity";
import { company, Member } from "./company";
import { DemoExport, exportsOf } from "./exports";
import { Ledger, LedgerBook } from "./ledger";
import { processesOf } from "./schedule";

/** Arguments of a demo: the same seed and the same moment give the same demo, byte by byte. */
export interface DemoDayArgs {
  /** Any whole number; its lowest 32 bits count. */
  readonly seed: number;
  /** The end of the day, in milliseconds since 1970. */
  readonly now: number;
}

/** One day of a company. */
export interface DemoDay {
  readonly members: readonly Member[];
  /** The exports of every process, in order. Those of one process have to be sent one after the other. */
  readonly processes: readonly (readonly DemoExport[])[];
  readonly ledger: Ledger;
}

/** Makes up the day that ends `now`. */
export function demoDay({ seed, now }: DemoDayArgs): DemoDay {
  const members = company(seed, now);
  const book = new LedgerBook();
  const taken = new Set<string>();
  const processes = members.flatMap((member) =>
    processesOf(member, seed, now).map((process) => {
      const byInterval = recordingsOf(process, seed);
      book.add(member.user, byInterval.flat());
      return exportsOf(process, byInterval, taken);
    }),
  );
  return { members, processes, ledger: book.ledger };
}
