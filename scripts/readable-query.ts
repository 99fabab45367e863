import { eventFilters } from "../dashboards/events/variables";
import { autoVariables, scopeVariables } from "../dashboards/queries/amount";
import { labels } from "../dashboards/telemetry";
import { rollupNames } from "../dashboards/rollups/levels";
import { filterMatchers } from "../dashboards/variables";
import { formatPromql, skipped } from "./promql-format";

/**
 * A panel's query as people read it: as for a range that raw series answer, without the filters' matchers and the
 * roll-ups' later passes, long price tables cut.
 */
export function readableQuery(query: string): string {
  return formatPromql(withoutPrices(withoutFilters(withoutLaterPasses(rawOnly(narrowest(query))))));
}

/** A query of events without what readers filter by, but for the session that is shown. */
export function readableLogQuery(query: string): string {
  const text = eventFilters.reduce((rest, filter) => rest.replace(` | ${filter}`, ""), query);
  return text.length <= 100 ? text : text.replaceAll(" | ", "\n  | ");
}

/** Reads the roll-ups that are read where nothing is filtered. */
function narrowest(query: string): string {
  return Object.entries(scopeVariables).reduce(
    (text, [scope, variable]) => text.replaceAll(`\${${variable}}`, scope),
    query,
  );
}

/** Leaves out what reads roll-ups only if the range demands it. */
function rawOnly(query: string): string {
  const rollups = [autoVariables.step, autoVariables.fine].map((variable) => `${rollupNames.step}="$${variable}"`);
  const text = withoutAlternatives(query, (alternative) => rollups.some((rollup) => alternative.includes(rollup)));
  return withoutMatchers(text, `${rollupNames.step}=~"$${autoVariables.raw}"`);
}

const evaluatedLater = new RegExp(
  ` or ${rollupNames.evaluated}\\{[^}]*${rollupNames.lag}="[^"]+"\\} offset -?\\w+`,
  "g",
);

function withoutLaterPasses(query: string): string {
  const later = new RegExp(`^[^(]*\\([^(]*${rollupNames.lag}="[^"]+"`);
  const text = withoutAlternatives(query, (alternative) => later.test(alternative));
  return withoutMatchers(text.replaceAll(evaluatedLater, ""), `${rollupNames.lag}=""`);
}

/** Leaves out amounts that stand after an `or`. */
function withoutAlternatives(query: string, isLeftOut: (alternative: string) => boolean): string {
  const start = " or sum_over_time(";
  let text = query;
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at)) {
    const end = skipped(text, at + start.length - 1);
    if (isLeftOut(text.slice(at, end))) {
      text = text.slice(0, at) + text.slice(end);
    } else {
      at += start.length;
    }
  }
  return text;
}

/** Whichever of the filters a dashboard has. */
function withoutFilters(query: string): string {
  return filterMatchers.reduce((text, matcher) => withoutMatchers(text, matcher), query);
}

function withoutMatchers(query: string, matchers: string): string {
  return query.replaceAll(`${matchers},`, "").replaceAll(`,${matchers}`, "").replaceAll(`{${matchers}}`, "");
}

/** Shows the first of a table's prices. */
function withoutPrices(query: string): string {
  const price = `label_replace\\(label_replace\\(vector\\([^)]*\\), "priced_model", [^)]*\\), "${labels.type}", [^)]*\\)`;
  return query.replaceAll(new RegExp(`(${price})(?: or ${price})+`, "g"), "$1 or …");
}
