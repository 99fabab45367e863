import { z } from "zod";

import type { PrivacyArgs } from "../components/collector/privacy";
import { contentKindNames } from "../telemetry/content-kinds";
import * as value from "./values";

export const title = "Privacy";

const attributeName = value.attributeName("cost.center");

export const schema = {
  identity: value
    .oneOf("keep", "drop", "pseudonym")
    .prefault("keep")
    .describe(
      "What becomes of e-mail addresses, accounts and `user`, `keep`, `drop` (people are told apart by installation) or `pseudonym` (`npm run pseudonym` gives a known person's)",
    ),
  contents: value
    .list("kinds of contents", value.oneOf(...contentKindNames))
    .transform((kinds) => [...new Set(kinds)])
    .prefault([])
    .describe(
      "Kinds of contents that are stored, of `prompts`, `responses`, `toolDetails`, `toolContent` and `rawBodies`; clients are told to send these and no others, and the collector drops what they send all the same",
    ),
  attributes: value.group({
    maxLength: value
      .wholeNumber(64, 65_536)
      .prefault(1024)
      .describe("Longest attribute value in characters; what is longer is cut"),
    resource: value
      .list("attribute names", attributeName)
      .prefault([])
      .describe(
        "Keys of `OTEL_RESOURCE_ATTRIBUTES` that are stored besides `user`, `team`, `location` and `device`; each becomes a label",
      ),
    values: z
      .record(attributeName, value.list("values", value.matching("a value", /./)).min(1, "expected a value at least"), {
        error: "expected lists of values by attribute",
      })
      .prefault({})
      .describe(
        "Values that labels may have besides those of client 2.1.332, by label; a label named here that has no list otherwise may have these values only, and what is outside a list counts as `other`",
      ),
  }),
};

export type Privacy = value.ValuesOf<typeof schema>;

/** Arguments of the collector's privacy: the data that may be stored. */
export function privacyArgs({ contents, identity, attributes }: Privacy): PrivacyArgs {
  return { contents, identity, attributeLength: attributes.maxLength, resourceAttributes: attributes.resource };
}
