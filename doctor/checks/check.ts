/** Result of one check. */
export interface Check {
  /** Subject of the check, e.g. `traces`. */
  readonly name: string;
  readonly status: "ok" | "warning" | "failed";
  /** Finding; for a warning or a failure, its cause. */
  readonly message: string;
  /** Remedy. */
  readonly cure?: string;
}

/** A check that found what it should. */
export function ok(name: string, message: string): Check {
  return { name, status: "ok", message };
}

/** A check that found something that may cost data, or hides something. */
export function warning(name: string, message: string, cure: string): Check {
  return { name, status: "warning", message, cure };
}

/** A check that found why data is missing or wrong. */
export function failed(name: string, message: string, cure: string): Check {
  return { name, status: "failed", message, cure };
}

/** Checks without those that say the same again: signals mostly share their way, and what is wrong with it. */
export function distinct(checks: readonly Check[]): Check[] {
  return [...new Map(checks.map((check) => [JSON.stringify(check), check])).values()];
}

/** Carries a failed check out of the step that found it. */
export class FailedCheck extends Error {
  readonly check: Check;

  constructor(name: string, message: string, cure: string) {
    super(message);
    this.check = failed(name, message, cure);
  }
}

/** The check of a failure, whatever was thrown. */
export function failureOf(error: unknown, name: string): Check {
  if (error instanceof FailedCheck) {
    return error.check;
  }
  return failed(name, messageOf(error), "This was not foreseen; please report it with the doctor's whole output.");
}

/** The code of a system error, e.g. `ECONNREFUSED`; else undefined. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Message of an error; some errors have a code only. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  return error.message || (codeOf(error) ?? error.name);
}
