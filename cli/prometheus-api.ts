/** A way to a Prometheus. Both reject unless it answers 2xx. */
export interface PrometheusAccess {
  /** @param path with its query, e.g. `/api/v1/query?query=up`. @returns the answer's JSON */
  get(path: string): Promise<unknown>;
  post(path: string): Promise<void>;
}

/** One series of an instant query's answer. */
export interface VectorSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Options of an instant query. */
export interface InstantOptions {
  /** Seconds since 1970. Default: now. */
  readonly at?: number;
  /** Largest age of a sample, in Prometheus' notation. Default: Prometheus' own, five minutes. */
  readonly lookback?: string;
}

/** Instants of a range query, in seconds since 1970, and their distance in seconds. */
export interface RangeOptions {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Labels with the name of the metric, as `__name__`. */
type MetricLabels = Readonly<Record<string, string>>;
/** Time in seconds since 1970, and the value as Prometheus writes it. */
type Sample = readonly [seconds: number, value: string];

/** One series of a vector. */
interface VectorSeries {
  readonly metric: MetricLabels;
  readonly value: Sample;
}

/** One series of a matrix. */
interface MatrixSeries {
  readonly metric: MetricLabels;
  readonly values: readonly Sample[];
}

/** Prometheus' own answers; a proxy's would have no data. */
function dataOf(answer: unknown): unknown {
  const { data } = (answer ?? {}) as { readonly data?: unknown };
  if (typeof data !== "object" || data === null) {
    throw new Error(`found ${JSON.stringify(answer).slice(0, 200)}; expected an answer of Prometheus with data`);
  }
  return data;
}

function resultOf(answer: unknown, type: "vector" | "matrix"): unknown {
  const { resultType, result } = dataOf(answer) as { readonly resultType?: string; readonly result?: unknown };
  if (resultType !== type) {
    throw new Error(`Prometheus answered with a ${resultType}; expected a query whose answer is a ${type}`);
  }
  return result;
}

/** A Prometheus' HTTP API, as far as commands and tests ask it. */
export class PrometheusApi {
  constructor(protected readonly access: PrometheusAccess) {}

  /** Runs an instant query whose answer is a vector. */
  async query(promql: string, { at, lookback }: InstantOptions = {}): Promise<VectorSample[]> {
    const search = new URLSearchParams({
      query: promql,
      ...(at === undefined ? {} : { time: String(at) }),
      ...(lookback === undefined ? {} : { lookback_delta: lookback }),
    });
    const result = resultOf(
      await this.access.get(`/api/v1/query?${search.toString()}`),
      "vector",
    ) as readonly VectorSeries[];
    return result.map(({ metric: labels, value }) => ({ labels, value: Number(value[1]) }));
  }

  /** Runs an instant query whose answer is one number; undefined if there is no data. */
  async number(promql: string, options: InstantOptions = {}): Promise<number | undefined> {
    return (await this.query(promql, options))[0]?.value;
  }

  /** Runs a range query. Values are text, as Prometheus writes them. */
  async queryRange(promql: string, { start, end, step }: RangeOptions) {
    const search = new URLSearchParams({ query: promql, start: String(start), end: String(end), step: String(step) });
    return resultOf(
      await this.access.get(`/api/v1/query_range?${search.toString()}`),
      "matrix",
    ) as readonly MatrixSeries[];
  }

  /** Reads the samples of a range selector, as they were stored. Values are text, as Prometheus writes them. */
  async samples(rangeSelector: string, { at }: Required<Pick<InstantOptions, "at">>) {
    const search = new URLSearchParams({ query: rangeSelector, time: String(at) });
    return resultOf(await this.access.get(`/api/v1/query?${search.toString()}`), "matrix") as readonly MatrixSeries[];
  }

  /** Reads the flags that Prometheus runs with, by name without dashes. */
  async flags(): Promise<Readonly<Record<string, string>>> {
    return dataOf(await this.access.get("/api/v1/status/flags")) as Readonly<Record<string, string>>;
  }

  /** Deletes all series that a selector finds, and what is left of them on disk. Needs the admin API. */
  async deleteSeries(selector: string): Promise<void> {
    await this.access.post(`/api/v1/admin/tsdb/delete_series?match[]=${encodeURIComponent(selector)}`);
    await this.access.post("/api/v1/admin/tsdb/clean_tombstones");
  }
}

/**
 * Returns the way to a Prometheus that is reached directly.
 *
 * @param url base URL, e.g. `http://127.0.0.1:9090`
 */
export function overHttp(url: string): PrometheusAccess {
  const request = async (method: string, path: string): Promise<string> => {
    const response = await fetch(url + path, { method });
    const body = await response.text();
    if (!response.ok) {
      throw new Error(`Prometheus answered ${response.status} to ${method} ${path}: ${body.slice(0, 500)}`);
    }
    return body;
  };
  return {
    get: async (path) => JSON.parse(await request("GET", path)) as unknown,
    post: async (path) => {
      await request("POST", path);
    },
  };
}
