import { type Filter, matchersOf } from "../kit/variables";

/** Filters of tool counts, which have no user, no device and no model. */
export const toolFilters: readonly Filter[] = ["team"];

/** The matchers of {@link toolFilters}. */
export const matchers = matchersOf(toolFilters);
