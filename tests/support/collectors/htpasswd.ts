import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Writes the file that a collector checks credentials with, as the stack's Secret holds it: SHA-1 of each password, in
 * base64. Made anew here, so that the stack's own is checked by another.
 *
 * @param passwords by user
 * @returns the file's path
 */
export function writeHtpasswd(directory: string, passwords: Readonly<Record<string, string>>): string {
  const file = path.join(directory, "htpasswd");
  const lines = Object.entries(passwords).map(
    ([user, password]) => `${user}:{SHA}${createHash("sha1").update(password).digest("base64")}\n`,
  );
  fs.writeFileSync(file, lines.join(""), { mode: 0o600 });
  return file;
}
