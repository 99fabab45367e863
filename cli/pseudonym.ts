import { createHash } from "node:crypto";

/**
 * The pseudonym that the collector stores in place of an e-mail address, account or user name (`identity: pseudonym`).
 *
 * @param key the stack's key: `pulumi stack output pseudonymKey --show-secrets`
 */
export function pseudonym(key: string, identity: string): string {
  const digest = (text: string) => createHash("sha256").update(text).digest("hex");
  const inner = digest(`${key}:${identity.trim().toLowerCase()}`);
  return `person-${digest(`${key}:${inner}`).slice(0, 20)}`;
}
