import { performance } from "node:perf_hooks";

const started = performance.now();

/** Seconds since the command began, as `  12 s`. */
function elapsed(): string {
  return `${Math.round((performance.now() - started) / 1000)} s`.padStart(6);
}

/** One line of progress, with the time since the command began, on standard error. */
export function progress(line: string): void {
  process.stderr.write(`${elapsed()}  ${line}\n`);
}

/** Runs the main function of a command; an error is one message and exit status 1. */
export function runCommand(main: (args: string[]) => Promise<number>): void {
  main(process.argv.slice(2)).then(
    (status) => {
      process.exitCode = status;
    },
    (error: unknown) => {
      process.stderr.write(`\nFailed: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
