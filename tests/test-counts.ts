/** Numbers of tests, by their end. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Counts of a check that is no run of mocha: it passes or fails as a whole. */
export function countsOfCommand(status: number): Counts {
  return status === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** Counts of a run of mocha, from what it printed. */
export function countsOfMocha(output: string, status: number): Counts {
  const count = (word: string) => Number(new RegExp(`^\\s*(\\d+) ${word}`, "m").exec(output)?.[1] ?? 0);
  // A run that failed without a failing test (too little coverage, a crash) is a failure of its own.
  const failing = count("failing");
  return { passed: count("passing"), failed: status !== 0 && failing === 0 ? 1 : failing, skipped: count("pending") };
}

/** All of them together. */
export function totalOf(counts: readonly Counts[]): Counts {
  const total = (pick: (each: Counts) => number) => counts.reduce((sum, each) => sum + pick(each), 0);
  return {
    passed: total(({ passed }) => passed),
    failed: total(({ failed }) => failed),
    skipped: total(({ skipped }) => skipped),
  };
}

/** The last line of a tier; `.ci/run` adds these up. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}
