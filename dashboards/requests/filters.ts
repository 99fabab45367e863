import { type Filter, matchersOf } from "../kit/variables";

/** Filters of request counts, which have no user and no device. */
export const requestFilters: readonly Filter[] = ["team", "model"];

/** The matchers of what has a model. */
export const matchers = matchersOf(requestFilters);

/** The matchers of what has none: a model that is picked must not leave it without data. */
export const teamMatchers = matchersOf(["team"]);
