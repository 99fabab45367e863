import type { PrivacyArgs } from "../components/collector/privacy";
import type { StackConfig } from "./schema";

/** What may be stored. */
export function privacyArgs(config: StackConfig): PrivacyArgs {
  return {
    contents: config.keepContents,
    identity: config.identity,
    attributeLength: config.attributeLength,
    resourceAttributes: config.resourceAttributes,
  };
}
