import { setTimeout as sleep } from "node:timers/promises";

/** Answer other than 2xx of the provider's API, or none. */
export class ProviderError extends Error {
  constructor(
    /** 0 where there was no answer. */
    readonly status: number,
    readonly type: string,
    message: string,
  ) {
    super(message);
  }

  /** True where the key may not read this, or the organisation has no such figures. */
  get refused(): boolean {
    return [400, 401, 403, 404].includes(this.status);
  }
}

/** Options of {@link ProviderClient}. */
export interface ProviderOptions {
  readonly url: string;
  readonly key: string;
  readonly requestsPerMinute: number;
  /** Pause before a second try in milliseconds; it doubles each time. Default a second. */
  readonly retryPauseMs?: number;
}

/** Query of a request; a name may occur more than once. */
export type Query = readonly (readonly [name: string, value: string])[];

/** A page of a list. */
interface Page {
  readonly data: readonly unknown[];
  readonly next_page?: string | null;
  readonly data_refreshed_at?: string | null;
}

/** Version of the API that the answers were read in, and the beta that its analytics are in. */
const headers = { "anthropic-version": "2023-06-01", "anthropic-beta": "analytics-usage-cost-2026-08-24" };
const attempts = 6;
const longestPauseMs = 60_000;
const answerTimeoutMs = 60_000;
/** More than the largest organisation has; an answer that never ends must not be read for ever. */
const mostPages = 20_000;

/**
 * The provider's API, read only. The key goes to the configured address alone, and into no message.
 *
 * A request is tried again after 408, 409, 429 and 5xx, after half an answer and after none, unless the answer forbids it.
 */
export class ProviderClient {
  /** The provider's clock at its last answer, in milliseconds since 1970. The node's own may be wrong. */
  nowMs = 0;
  private nextRequestAt = 0;

  constructor(private readonly options: ProviderOptions) {}

  /** @throws ProviderError */
  async get(path: string, query: Query = []): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      await this.pace();
      const { answer, error, retryAfterMs } = await this.request(path, query);
      if (error === undefined) {
        return answer;
      }
      if (retryAfterMs === undefined || attempt === attempts) {
        throw error;
      }
      const pause = (this.options.retryPauseMs ?? 1000) * 2 ** (attempt - 1);
      await sleep(Math.min(longestPauseMs, Math.max(pause, retryAfterMs)));
    }
  }

  /** Reads a list page by page. @throws ProviderError */
  async *pages(path: string, query: Query): AsyncGenerator<Page> {
    const seen = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = pageOf(path, await this.get(path, cursor === undefined ? query : [...query, ["page", cursor]]));
      yield page;
      cursor = page.next_page ?? undefined;
      if (cursor !== undefined && (seen.has(cursor) || seen.size === mostPages)) {
        throw new ProviderError(0, "bad_answer", `${path}: found page "${cursor}" twice; expected pages that end`);
      }
      seen.add(cursor ?? "");
    } while (cursor !== undefined);
  }

  /** Reads all of a list. @throws ProviderError */
  async list(path: string, query: Query): Promise<unknown[]> {
    const all: unknown[] = [];
    for await (const { data } of this.pages(path, query)) {
      all.push(...data);
    }
    return all;
  }

  private async pace(): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.nextRequestAt);
    this.nextRequestAt = at + 60_000 / this.options.requestsPerMinute;
    await sleep(at - now);
  }

  private async request(
    path: string,
    query: Query,
  ): Promise<{ readonly answer?: unknown; readonly error?: ProviderError; readonly retryAfterMs?: number }> {
    const search = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])).toString();
    const url = `${this.options.url}${path}${search === "" ? "" : `?${search}`}`;
    try {
      const response = await fetch(url, {
        headers: { ...headers, ...this.credential() },
        // Another address must not get the key.
        redirect: "error",
        signal: AbortSignal.timeout(answerTimeoutMs),
      });
      const text = await response.text();
      this.nowMs = Date.parse(response.headers.get("date") ?? "") || this.nowMs;
      if (response.ok) {
        return { answer: JSON.parse(text) };
      }
      return { error: errorOf(path, response, text), ...retry(response) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { error: new ProviderError(0, "no_answer", `${path}: no whole answer: ${reason}`), retryAfterMs: 0 };
    }
  }

  private credential(): Readonly<Record<string, string>> {
    const { key } = this.options;
    return key.startsWith("sk-") ? { "x-api-key": key } : { authorization: `Bearer ${key}` };
  }
}

/** Undefined for what the key may not read. Any other error stays one. */
export async function readable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ProviderError && error.refused) {
      return undefined;
    }
    throw error;
  }
}

function retry({ status, headers: found }: Response): { readonly retryAfterMs?: number } {
  const told = found.get("x-should-retry");
  const retried = told === null ? [408, 409, 429].includes(status) || status >= 500 : told === "true";
  return retried ? { retryAfterMs: (Number(found.get("retry-after")) || 0) * 1000 } : {};
}

function errorOf(path: string, { status, headers: found }: Response, text: string): ProviderError {
  const { type, message, details } = errorBody(text);
  const request = found.get("request-id");
  const code = details?.error_code === undefined ? "" : ` (${details.error_code})`;
  const words = `${path}: ${status} ${type}${code}: ${message}${request === null ? "" : `, request ${request}`}`;
  return new ProviderError(status, type, words);
}

interface ErrorBody {
  readonly type: string;
  readonly message: string;
  readonly details?: { readonly error_code?: string };
}

function errorBody(text: string): ErrorBody {
  try {
    const { error } = JSON.parse(text) as { readonly error: ErrorBody };
    return { ...error, message: error.message.slice(0, 300) };
  } catch {
    return { type: "unknown_error", message: text.slice(0, 300) };
  }
}

function pageOf(path: string, answer: unknown): Page {
  const page = answer as Partial<Page> | null;
  if (!Array.isArray(page?.data)) {
    throw new ProviderError(0, "bad_answer", `${path}: found no "data"; expected a list`);
  }
  return page as Page;
}
