/** How {@link whenGrafanaAnswers} asks. */
export interface ReadyOptions {
  readonly timeoutSeconds: number;
  /** Default 1. */
  readonly intervalSeconds?: number;
}

/**
 * Waits until Grafana reports that its database is up. Waiting here rather than in the provider's retries matters:
 * those also repeat wrong credentials, and Grafana then locks the user out for minutes.
 *
 * @returns `url`, so that what depends on it waits too
 * @throws Error if Grafana has not answered in time, with its last answer
 */
export async function whenGrafanaAnswers(url: string, options: ReadyOptions): Promise<string> {
  const { timeoutSeconds, intervalSeconds = 1 } = options;
  const deadline = Date.now() + timeoutSeconds * 1000;
  let answer = await health(url);
  while (answer !== 200 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, intervalSeconds * 1000));
    answer = await health(url);
  }
  if (answer === 200) {
    return url;
  }
  throw new Error(
    `Grafana at ${url} did not answer within ${timeoutSeconds} s (last: ${answer}). ` +
      "Is it reachable from the machine that runs pulumi? If only by another way, set grafanaApiUrl",
  );
}

/** The status of `/api/health`, or why there is none. */
async function health(url: string): Promise<number | string> {
  try {
    return (await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5000) })).status;
  } catch (error) {
    // What went wrong on the network is in the cause.
    return [error, (error as Error).cause].join(": ");
  }
}
