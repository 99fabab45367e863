import assert from "node:assert/strict";

import { say } from "../cluster/test-cluster";
import { sleep } from "../support/processes";
import { balances } from "./balance";
import { failedTries, type FaultRow } from "./fault-table";
import type { FaultStack } from "./fault-stack";
import { SteadyLoad } from "./steady-load";

/** Load before the fault, and after it. */
const quietMs = 10_000;

/** What happens in a row. */
export interface Fault {
  /** Lower-case letters, digits, dashes. */
  readonly name: string;
  /** As the table shows it. */
  readonly title: string;
  /** Breaks something and waits until it is whole again. */
  readonly happen: (stack: FaultStack) => Promise<void>;
  /** How far the clients' clocks are ahead at the time of each export. Default: right. */
  readonly clockOffsetMs?: () => number;
  /** Between the emptying of the queues and the comparison. */
  readonly beforeReading?: (stack: FaultStack) => Promise<void>;
  /** How long the queues may take to empty afterwards. Default 3 minutes. */
  readonly drainMs?: number;
}

/** Runs a fault under load, compares, and requires that nothing accepted is lost or doubled. */
export async function runRow(stack: FaultStack, fault: Fault, rows: FaultRow[]): Promise<FaultRow> {
  const start = performance.now();
  const row = `${fault.name}-${Date.now()}`;
  await stack.forgetClients();
  const load = new SteadyLoad({
    ...{ endpoints: await stack.endpoints(), row },
    ...(fault.clockOffsetMs === undefined ? {} : { clockOffsetMs: fault.clockOffsetMs }),
  });
  try {
    await sleep(quietMs);
    const received = await stack.received();
    say(`points received: ${received.map(({ pod, points }) => `${pod.metadata.name} ${points}`).join(", ")}`);
    await fault.happen(stack);
    await sleep(quietMs);
  } finally {
    await load.end();
  }
  const ledger = await load.end();
  const seconds = (performance.now() - start) / 1000;
  await stack.ready("otel-collector", 2);
  await stack.ready("prometheus", 1);
  await stack.drained(fault.drainMs ?? 180_000);
  await fault.beforeReading?.(stack);
  const result = { fault: fault.title, seconds, ledger, balances: await balances(stack.reader, row, ledger) };
  rows.push(result);
  report(result);
  const wrong = result.balances.flatMap(({ signal, wrongSessions }) =>
    wrongSessions.map((line) => `${signal} ${line}`),
  );
  assert.deepEqual(wrong, [], wrong.join("\n"));
  // Where nothing is accepted, nothing can be lost.
  const empty = result.balances.filter(({ accepted }) => accepted === 0);
  assert.deepEqual(empty, [], "nothing was accepted");
  return result;
}

function report({ ledger, balances: found }: FaultRow): void {
  say(`failed tries: ${failedTries(ledger)}; poison: ${JSON.stringify([...ledger.poison])}`);
  for (const { signal, unit, sent, accepted, unanswered, stored, lost, surplus } of found) {
    say(
      `${signal}: sent ${sent} ${unit}, accepted ${accepted}, unanswered ${unanswered}, stored ${stored}, ` +
        `lost ${lost}, surplus ${surplus}`,
    );
  }
}
