import { type Filter, matchersOf } from "../kit/variables";

/** What requests are counted by: no user, no device. */
export const requestFilters: readonly Filter[] = ["team", "model"];

/** The matchers of what has a model. */
export const matchers = matchersOf(requestFilters);

/** The matchers of what has none: a model that is picked must not leave it without data. */
export const teamMatchers = matchersOf(["team"]);
