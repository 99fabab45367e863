import { createHash } from "node:crypto";

import type { Edition } from "./options";

/** Grafana takes no longer uids. */
const longest = 40;
const digestLength = 8;

/** The uid of what there is one of in each edition: whole if it fits, else its beginning with a digest of all. */
export function editionUid(uid: string, { key }: Pick<Edition, "key">): string {
  const whole = `${uid}-${key}`;
  if (whole.length <= longest) {
    return whole;
  }
  const digest = createHash("sha256").update(whole).digest("hex").slice(0, digestLength);
  return `${whole.slice(0, longest - digestLength - 1)}-${digest}`;
}
