import { noneDamaged } from "../telemetry/queue-report";
import type { Checked } from "./queue-folder";

/**
 * Number of damaged queues, and the names of their files; {@link noneDamaged} where there is none. The collector reads it
 * as YAML, and wants text: neither a number alone, nor a colon.
 */
export function reportText(checked: readonly Checked[]): string {
  const damaged = checked.filter(({ state }) => state === "damaged");
  return damaged.length === 0
    ? noneDamaged
    : [damaged.length, ...damaged.map(({ file }) => file.replace(/[^\w.~-]/g, "_"))].join(" ");
}

const unfinished = /^checking (\d+) (.+)$/;

/** Check that began and has not ended: after one that ran out of memory, its text is still there. */
export interface Unfinished {
  readonly attempt: number;
  readonly file: string;
}

/** Report while a file is read. */
export function unfinishedText({ attempt, file }: Unfinished): string {
  return `checking ${attempt} ${file}`;
}

/** The check that an earlier run of the program did not end. */
export function parseUnfinished(report: string): Unfinished | undefined {
  const [, attempt, file] = unfinished.exec(report) ?? [];
  return file === undefined ? undefined : { attempt: Number(attempt), file };
}
