import { Random } from "../../../synthetic/random";
import { dayMs, hourMs } from "../../../units";
import type { Person } from "./company-people";
import { type Lifetime, type ModelRequest, tokensOf, usedModels } from "./company-requests";

const chances = {
  weekday: 0.9,
  weekend: 0.15,
  /** A regular person's clients report nothing. */
  quietDay: 0.06,
  /** Reports lack some requests. */
  lacking: 0.15,
  /** Reports have a request that is never charged. */
  extra: 0.1,
  webSearch: 0.1,
};

/** Requests of a person on a day. The same seed gives the same ones, whatever the watermark is. */
export function requestsOf(seed: number, person: Person, startMs: number): ModelRequest[] {
  const random = Random.for(seed, "day", person.actor.email, startMs);
  const weekday = new Date(startMs).getUTCDay();
  if (!random.chance(weekday === 0 || weekday === 6 ? chances.weekend : chances.weekday)) {
    return [];
  }
  const lifetime = random.pick<Lifetime>(["5m", "1h", "both"]);
  const request = (rest: Pick<ModelRequest, "isCharged" | "reportedAs">, isPlain = false): ModelRequest => ({
    timeMs: startMs + random.integer(5, 21) * hourMs + random.integer(0, 3_599) * 1000,
    model: random.pick(usedModels),
    // Of tokens without a counterpart, writes to the cache would need the mix of the other requests.
    tokens: tokensOf(random, isPlain ? undefined : lifetime),
    webSearches: !isPlain && random.chance(chances.webSearch) ? random.integer(1, 3) : 0,
    ...rest,
  });
  const several = (rest: Pick<ModelRequest, "isCharged" | "reportedAs">) =>
    Array.from({ length: random.integer(1, 5) }, () => request(rest));
  switch (person.habit) {
    case "silent":
      return several({ isCharged: true, reportedAs: undefined });
    case "cloud":
      return several({ isCharged: false, reportedAs: "metered" });
    case "seat":
      return several({ isCharged: false, reportedAs: "seat" });
    case "seatAndMetered":
      return [
        ...several({ isCharged: true, reportedAs: "metered" }),
        // Clients' metrics tell a seat's searches from nothing else.
        ...several({ isCharged: false, reportedAs: "seat" }).map((request) => ({ ...request, webSearches: 0 })),
      ];
    case "regular":
      if (random.chance(chances.quietDay)) {
        return several({ isCharged: true, reportedAs: undefined });
      }
      // Never both on one day: within a model they would make up for each other.
      return [
        ...several({ isCharged: true, reportedAs: "metered" }),
        ...random.weighted([
          [() => [withoutSearches(request({ isCharged: true, reportedAs: undefined }))], chances.lacking],
          [() => [request({ isCharged: false, reportedAs: "metered" }, true)], chances.extra],
          [() => [], 1 - chances.lacking - chances.extra],
        ])(),
      ];
  }
}

/** Days from the first one on, by their beginnings. */
export function daysFrom(firstMs: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => firstMs + index * dayMs);
}

/** A search that no report has is not told by tokens, so that requests without a report have none. */
function withoutSearches(request: ModelRequest): ModelRequest {
  return { ...request, webSearches: 0 };
}
