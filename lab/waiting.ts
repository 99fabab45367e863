import { setTimeout as sleep } from "node:timers/promises";

/** Asks `probe` again and again, until it says yes or the time is over. @returns its last answer */
export async function becomesTrue(
  seconds: number,
  pauseMilliseconds: number,
  probe: () => boolean | Promise<boolean>,
): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await probe())) {
    if (Date.now() > deadline) {
      return false;
    }
    await sleep(pauseMilliseconds);
  }
  return true;
}

/** Returns what `read` gives, or undefined where that is not there: it may have ended or been removed. */
export function ifThere<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
