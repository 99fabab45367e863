import * as http from "node:http";
import * as https from "node:https";

/** The trust in a Grafana's certificate. */
export interface GrafanaTrust {
  /** Certificate in PEM form that Grafana's own is verified by. Default: the system's. */
  readonly caCertificate?: string;
  /** Default false. */
  readonly insecureSkipVerify?: boolean;
}

/** Options of {@link whenGrafanaAnswers}. */
export interface ReadyOptions extends GrafanaTrust {
  /** Limit of the wait for the first answer, in seconds. */
  readonly readyTimeoutSeconds: number;
  /** Interval of the questions, in seconds. Default 1. */
  readonly intervalSeconds?: number;
}

const requestTimeoutMilliseconds = 5000;
const mostRedirects = 5;

/**
 * Waits until Grafana reports that its database is up. Waiting here rather than in the provider's retries matters:
 * those also repeat wrong credentials, and Grafana then locks the user out for minutes.
 *
 * @returns `url`, so that what depends on it waits too
 * @throws Error if Grafana has not answered in time, with its last answer
 */
export async function whenGrafanaAnswers(url: string, options: ReadyOptions): Promise<string> {
  const { readyTimeoutSeconds: timeoutSeconds, intervalSeconds = 1 } = options;
  const deadline = Date.now() + timeoutSeconds * 1000;
  let answer = await health(url, options);
  while (answer !== 200 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, intervalSeconds * 1000));
    answer = await health(url, options);
  }
  if (answer === 200) {
    return url;
  }
  throw new Error(
    `Grafana at ${url} did not answer within ${timeoutSeconds} s (last: ${answer}). ` +
      "Is it reachable from the machine that runs pulumi? If only by another way, set grafana.apiUrl",
  );
}

/** The status of `/api/health`, or why there is none. */
async function health(url: string, trust: GrafanaTrust): Promise<number | string> {
  try {
    return await status(new URL(`${url}/api/health`), trust, mostRedirects);
  } catch (error) {
    const { code, message, cause } = error as NodeJS.ErrnoException;
    // Errors of several addresses have no message, those of a timeout have it in the cause.
    return [code, message, cause].filter(Boolean).join(": ");
  }
}

/** The status of a GET. Node's `fetch` cannot be told whom to trust. */
async function status(url: URL, trust: GrafanaTrust, redirects: number): Promise<number> {
  const response = await get(url, trust);
  response.resume();
  const { location } = response.headers;
  const code = Number(response.statusCode);
  const moved = code >= 300 && code < 400 && location !== undefined && redirects > 0;
  return moved ? status(new URL(location, url), trust, redirects - 1) : code;
}

function get(url: URL, trust: GrafanaTrust): Promise<http.IncomingMessage> {
  const options: https.RequestOptions = {
    agent: false,
    signal: AbortSignal.timeout(requestTimeoutMilliseconds),
    ca: trust.caCertificate,
    rejectUnauthorized: trust.insecureSkipVerify !== true,
  };
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === "https:" ? https : http;
    request(url, options, resolve).on("error", reject).end();
  });
}
