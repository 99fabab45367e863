import { toFillIn } from "../../client/settings";
import { groupingAttributes, identityAttributes } from "../../telemetry/attributes";
import { attribute } from "./ottl";

/**
 * Treatment of e-mail addresses, accounts and `user`:
 * - `keep`: stored as they come
 * - `drop`: nobody is named; people are told apart by their installation
 * - `pseudonym`: replaced by a keyed digest, the same for a person wherever it occurs
 */
export type IdentityMode = "keep" | "drop" | "pseudonym";

/** Environment variable of the collector that holds the key of pseudonyms. */
export const pseudonymKeyVariable = "PSEUDONYM_KEY";

/**
 * Gives everything a `user`: the resource's, or the e-mail address, account or installation where the client has none.
 * Clients leave a value with a space on the resource, as all values before version 2.1.161.
 */
export function identityStatements(context: string, mode: IdentityMode): string[] {
  const user = attribute(context, "user");
  return [
    ...withoutPlaceholders(context),
    ...identityReplacements(context, mode),
    ...groupingAttributes.map((name) => {
      const own = attribute(context, name);
      return `set(${own}, ${attribute("resource", name)}) where ${own} == nil`;
    }),
    ...(["user.email", "user.account_uuid", "user.id"] as const).map(
      (name) => `set(${user}, ${attribute(context, name)}) where ${user} == nil`,
    ),
  ];
}

/** Removes placeholders that nobody filled in. */
export function withoutPlaceholders(context: string): string[] {
  return groupingAttributes.map(
    (name) => `delete_key(${context}.attributes, "${name}") where ${attribute(context, name)} == "${toFillIn}"`,
  );
}

/** Drops or replaces what names a person, in one context. */
export function identityReplacements(context: string, mode: IdentityMode): string[] {
  switch (mode) {
    case "keep":
      return [];
    case "drop":
      return identityAttributes.map((name) => `delete_key(${context}.attributes, "${name}")`);
    case "pseudonym":
      return identityAttributes.map((name) => {
        const value = attribute(context, name);
        return `set(${value}, ${pseudonymOf(value)}) where ${value} != nil`;
      });
  }
}

/** As `pseudonym` in cli/pseudonym.ts computes it. Hashed twice, so that nothing can be appended to the key. */
function pseudonymOf(value: string): string {
  const key = `"\${env:${pseudonymKeyVariable}}"`;
  const inner = `SHA256(Concat([${key}, ToLowerCase(Trim(String(${value})))], ":"))`;
  return `Concat(["person", Substring(SHA256(Concat([${key}, ${inner}], ":")), 0, 20)], "-")`;
}
