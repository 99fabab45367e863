import { setTimeout as sleep } from "node:timers/promises";

import { type Properties } from "./values";

/** Configuration of the provider, typed: address and credentials of the API. */
export interface GrafanaSettings {
  readonly url: string;
  /** `user:password`, a token, or `anonymous`. */
  readonly auth: string;
  /** Number of times that a request is repeated. */
  readonly retries: number;
  /** Seconds between attempts; 0 doubles the wait each time, from 2 s. */
  readonly retryWait: number;
}

/** One attempt of a request, for the record. `status` is an HTTP status, or why there is none. */
export type RequestListener = (method: string, path: string, status: number | string) => void;

/** Grafana's HTTP API, with the real plugin's repetitions: no answer, 401, 429 and 5xx. */
export class GrafanaApi {
  constructor(
    private readonly settings: GrafanaSettings,
    private readonly stopped: AbortSignal,
    private readonly onRequest: RequestListener,
  ) {}

  /** The full URL of a path that Grafana gave. */
  public urlOf(path: string): string {
    return this.settings.url.replace(/\/+$/, "") + path;
  }

  /** The answer's body, for an object that has to be there. @throws Error where Grafana answers 404, too */
  public async save<Body = Properties>(method: string, path: string, body?: object): Promise<Body> {
    const answer = await this.send<Body>(method, path, body);
    if (answer === undefined) {
      throw new Error(`Grafana answered 404 to ${method} ${path}`);
    }
    return answer;
  }

  /**
   * The answer's body, or undefined where Grafana answers 404.
   * @throws Error with the request, the status and Grafana's message, after the last attempt
   */
  public async send<Body>(method: string, path: string, body?: object): Promise<Body | undefined> {
    const request = {
      method,
      headers: { "Content-Type": "application/json", ...authorization(this.settings.auth) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    for (let attempt = 0; ; attempt++) {
      const last = attempt >= this.settings.retries;
      try {
        const response = await fetch(this.urlOf(path), {
          ...request,
          signal: AbortSignal.any([this.stopped, AbortSignal.timeout(60_000)]),
        });
        const text = await response.text();
        this.onRequest(method, path, response.status);
        if (response.ok) {
          return JSON.parse(text) as Body;
        }
        if (response.status === 404) {
          return undefined;
        }
        if (last || !isRepeated(response.status)) {
          throw new Refused(`[${method} ${this.urlOf(path)}][${response.status}] ${text.trim()}`);
        }
      } catch (error) {
        if (error instanceof Refused || this.stopped.aborted) {
          throw error;
        }
        const reason = connectionFailure(error);
        this.onRequest(method, path, reason);
        if (last) {
          throw new Error(`${method} ${this.urlOf(path)}: ${reason} (${attempt + 1} attempts)`, { cause: error });
        }
      }
      await sleep((this.settings.retryWait || 2 ** (attempt + 1)) * 1000, undefined, { signal: this.stopped });
    }
  }
}

class Refused extends Error {}

function isRepeated(status: number): boolean {
  return status === 401 || status === 429 || status >= 500;
}

function authorization(auth: string): Record<string, string> {
  if (auth === "anonymous") {
    return {};
  }
  const value = auth.includes(":") ? `Basic ${Buffer.from(auth).toString("base64")}` : `Bearer ${auth}`;
  return { Authorization: value };
}

function connectionFailure(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
