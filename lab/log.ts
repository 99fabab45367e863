/** Receives one line of progress. */
export type Log = (line: string) => void;

/** Writes progress to standard error. */
export const logToStandardError: Log = (line) => {
  process.stderr.write(`${line}\n`);
};
