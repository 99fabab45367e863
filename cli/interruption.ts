/** The two ways to a running engine. */
export interface RunningEngine {
  /** Sends it SIGINT. */
  readonly signal: AbortSignal;
  readonly onOutput: (text: string) => void;
}

/** The engine's answer to a signal. A second one would make it end at once, and leave resources it does not know. */
const acknowledgement = "^C received";

/**
 * Runs an engine that Ctrl-C ends cleanly: it finishes what is under way, writes its state and removes its lock. It is
 * told once: by the terminal, which signals all of its processes, or by this process if it alone was signalled.
 *
 * @param more ends it too
 * @param patienceMs for how long a signal is left to the terminal; an engine on a busy machine answers after seconds
 */
export async function interruptibly<Result>(
  work: (engine: RunningEngine) => Promise<Result>,
  more?: AbortSignal,
  patienceMs = 10_000,
): Promise<Result> {
  const stop = new AbortController();
  let told = false;
  const onOutput = (text: string): void => {
    told ||= text.includes(acknowledgement);
  };
  const timers: NodeJS.Timeout[] = [];
  const abortUnlessTold = (): void => {
    if (!told) {
      stop.abort();
    }
  };
  const interrupt = (): void => {
    timers.push(setTimeout(abortUnlessTold, patienceMs));
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    const signal = more === undefined ? stop.signal : AbortSignal.any([stop.signal, more]);
    return await work({ signal, onOutput });
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    timers.forEach(clearTimeout);
  }
}
