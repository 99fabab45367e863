import { toFillIn } from "../../client/settings";
import { literal } from "./ottl";

/** A team of those who name none, by the value of another attribute. */
export interface TeamRule {
  /** An attribute that clients send, e.g. `user.groups`, stored or not. */
  readonly attribute: string;
  /** The attribute's value, or one of those that it lists with commas between. */
  readonly value: string;
  readonly team: string;
}

/**
 * Gives a `team` to what names none, by the first rule that fits. It must stand before attributes are dropped. A team that
 * comes from a credential, or that the client names, stays.
 */
export function nameTeams(context: "datapoint" | "log" | "span", rules: readonly TeamRule[]): object[] {
  const without = [`${context}.attributes`, "resource.attributes"].map((place) => {
    const team = `${place}["team"]`;
    return `(${team} == nil or ${team} == "${toFillIn}")`;
  });
  const statements = rules.flatMap(({ attribute, value, team }) => {
    const pattern = `(^|[,\\["]) *${value.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")} *($|[,\\]"])`;
    return [`${context}.attributes`, "resource.attributes"].map((place) => {
      const stated = `${place}[${literal(attribute)}]`;
      const fits = `${stated} != nil and IsMatch(String(${stated}), ${literal(pattern)})`;
      return `set(${context}.attributes["team"], ${literal(team)}) where ${without.join(" and ")} and ${fits}`;
    });
  });
  return statements.length === 0 ? [] : [{ context, statements }];
}
