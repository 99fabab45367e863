import { createHash } from "node:crypto";
import { dayMs, hourMs } from "../../../units";

/** An answer other than 200. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly code?: string,
  ) {
    super(message);
  }
}

/** A refusal of the query itself. */
export function invalid(message: string, headers: Readonly<Record<string, string>> = {}): ApiError {
  return new ApiError(400, "invalid_request_error", message, headers);
}

/** Widths of buckets in milliseconds. */
export const widths: Readonly<Record<string, number>> = { "1d": dayMs, "1h": hourMs, "1m": 60_000 };

/** The parameters of a request, each read by its name; a list's name ends with `[]`. */
export class Query {
  /** @throws ApiError if a parameter is none of the endpoint's, or a single one is repeated */
  constructor(
    private readonly parameters: URLSearchParams,
    singles: readonly string[],
    lists: readonly string[] = [],
  ) {
    for (const name of new Set(parameters.keys())) {
      if (!singles.includes(name) && !lists.includes(name)) {
        throw invalid(`${name}: unknown parameter`);
      }
      if (singles.includes(name) && parameters.getAll(name).length > 1) {
        throw invalid(`${name}: given more than once`);
      }
    }
  }

  one(name: string): string | undefined {
    return this.parameters.get(name) ?? undefined;
  }

  required(name: string): string {
    const value = this.one(name);
    if (value === undefined) {
      throw invalid(`${name}: field required`);
    }
    return value;
  }

  /** Default: the first choice. */
  choice<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
    const value = this.one(name);
    if (value === undefined) {
      return choices[0];
    }
    const found = choices.find((choice) => choice === value);
    if (found === undefined) {
      throw invalid(`${name}: expected one of ${choices.join(", ")}`);
    }
    return found;
  }

  list(name: string): string[] {
    return this.parameters.getAll(`${name}[]`);
  }

  /** A list whose entries must be among the known ones. */
  knownList(name: string, known: readonly string[]): string[] {
    const values = this.list(name);
    const unknown = values.find((value) => !known.includes(value));
    if (unknown !== undefined) {
      throw invalid(`${name}: "${unknown}" is none of ${known.join(", ")}`);
    }
    return values;
  }

  limit(most: number, usual: number): number {
    const text = this.one("limit");
    if (text === undefined) {
      return usual;
    }
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < 1 || value > most) {
      throw invalid(`limit: expected a whole number from 1 to ${most}`);
    }
    return value;
  }

  /** An RFC 3339 time with its zone, in milliseconds. */
  time(name: string): number | undefined {
    const text = this.one(name);
    if (text === undefined) {
      return undefined;
    }
    const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
    const value = Date.parse(text);
    if (!form.test(text) || Number.isNaN(value)) {
      throw invalid(`${name}: expected a time with a zone, such as 2026-11-20T00:00:00Z`);
    }
    return value;
  }

  /** The beginning of a UTC day that is given as `2026-11-20`. */
  day(name: string): number | undefined {
    const text = this.one(name);
    if (text === undefined) {
      return undefined;
    }
    const value = Date.parse(`${text}T00:00:00Z`);
    if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(value)) {
      throw invalid(`${name}: expected a day such as 2026-11-20`);
    }
    return value;
  }

  /** One page of the items, from the cursor on. The cursor fits this query alone. */
  page<Item>(items: readonly Item[], limit: number): { page: Item[]; next: string | null } {
    const query = this.fingerprint();
    const start = this.start(query);
    const end = start + limit;
    return { page: items.slice(start, end), next: end < items.length ? cursor(query, end) : null };
  }

  private start(query: string): number {
    const text = this.one("page");
    if (text === undefined) {
      return 0;
    }
    const [of, position] = Buffer.from(text.replace(/^page_/, ""), "base64url")
      .toString()
      .split("|");
    if (!text.startsWith("page_") || of !== query || !/^\d+$/.test(position ?? "")) {
      throw invalid("page: the cursor does not belong to this query");
    }
    return Number(position);
  }

  private fingerprint(): string {
    const rest = [...this.parameters].filter(([name]) => name !== "page").map(([name, value]) => `${name}=${value}`);
    return createHash("sha256").update(rest.sort().join("&")).digest("hex").slice(0, 16);
  }
}

function cursor(query: string, position: number): string {
  return `page_${Buffer.from(`${query}|${position}`).toString("base64url")}`;
}

/** A time as the provider writes it, to the second. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

/** A UTC day as `2026-11-20`. */
export function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

export function floorTo(ms: number, width: number): number {
  return Math.floor(ms / width) * width;
}

/** Items by a key, in order of their first. */
export function grouped<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) {
      groups.set(key(item), [item]);
    } else {
      group.push(item);
    }
  }
  return groups;
}
