import * as fs from "node:fs";
import * as path from "node:path";
import { ensureGoProgram } from "../../lab/lab";
import { removeTemporaryDirectory, temporaryDirectory } from "./processes";

/** Nanoseconds of a millisecond. */
const nanoseconds = 1_000_000n;

/** Where programs can be given another wall clock: their system calls are answered by a tracer for one machine only. */
export const clocksCanBeShifted = process.platform === "linux" && process.arch === "x64";

/**
 * A wall clock that all programs started by its {@link ShiftedClock.launcher} share, and that may jump while they run.
 * The machine's own clock, and the programs' monotonic one, are left alone.
 */
export class ShiftedClock {
  private constructor(
    private readonly directory: string,
    private readonly file: string,
    private readonly binary: string,
  ) {}

  /** A clock that is right, for now. Builds the launcher unless the cache has it; needs Go. */
  static async create(): Promise<ShiftedClock> {
    const binary = await ensureGoProgram(path.join(__dirname, "shifted-clock"), "shifted-clock");
    const directory = temporaryDirectory("claude-monitoring-clock");
    const clock = new ShiftedClock(directory, path.join(directory, "offset"), binary);
    clock.jumpTo(0);
    return clock;
  }

  /** What starts a program under this clock. */
  get launcher(): readonly [string, string] {
    return [this.binary, this.file];
  }

  /** Sets how far the clock is ahead of the machine's, in milliseconds; negative for behind. */
  jumpTo(offsetMs: number): void {
    // In place: the programs have the file mapped.
    const file = fs.openSync(this.file, fs.constants.O_RDWR | fs.constants.O_CREAT);
    fs.writeSync(file, new BigInt64Array([BigInt(offsetMs) * nanoseconds]), 0, 8, 0);
    fs.closeSync(file);
  }

  /** Removes its file; the programs must have ended. */
  remove(): void {
    removeTemporaryDirectory(this.directory);
  }
}
