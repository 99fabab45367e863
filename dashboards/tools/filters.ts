import { type Filter, matchersOf } from "../kit/variables";

/** What tools are counted by: no user, no device, no model. */
export const toolFilters: readonly Filter[] = ["team"];

/** The matchers of {@link toolFilters}. */
export const matchers = matchersOf(toolFilters);
