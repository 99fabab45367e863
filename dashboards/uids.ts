import { createHash } from "node:crypto";

import type { Edition } from "./options";

/** Grafana takes no longer uids. */
const longest = 40;
const digestLength = 8;

/** A text of letters, digits, `-` and `_` as a uid: whole if it fits, else its beginning with a digest of all. */
function shortUid(text: string): string {
  if (text.length <= longest) {
    return text;
  }
  const digest = createHash("sha256").update(text).digest("hex").slice(0, digestLength);
  return `${text.slice(0, longest - digestLength - 1)}-${digest}`;
}

/** The uid of what there is one of in each edition. */
export function editionUid(uid: string, { key }: Pick<Edition, "key">): string {
  return shortUid(`${uid}-${key}`);
}
