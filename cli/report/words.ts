import type { Text } from "../../dashboards/text/text";
import { chargedTo } from "../../telemetry/bill";
import type { Line } from "./table";

/** Every word of a report, in the stack's language. */
export type ReportWords = Text["report"];

/** A text with values in the place of their names in double braces. */
export function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Name of a line: the user, or words for what is nobody's. */
export function lineName({ kind, team, name }: Pick<Line, "kind" | "team" | "name">, words: ReportWords): string {
  switch (kind) {
    case "user":
      return orNotSet(name, words);
    case "team":
      return filled(words.team, { team: orNotSet(team, words) });
    case "product":
      return filled(words.product, { name: orNotSet(name, words) });
    case "unmatched":
      return words.unmatched[chargedTo.find((known) => known === name) ?? "nobody"];
    case "total":
      return words.total;
  }
}

/** A label's value, or words for none. */
export function orNotSet(value: string, { notSet }: ReportWords): string {
  return value === "" ? notSet : value;
}
