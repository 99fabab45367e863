/** Spellings of each model that the client's own catalogue has (2.1.330), and those of gateways, by the model's name. */
export const modelSpellings: Readonly<Record<string, readonly string[]>> = {
  "claude-sonnet-4-5": [
    "claude-sonnet-4-5-20250929",
    "claude-sonnet-4-5[1m]",
    "claude-sonnet-4-5-20260901",
    "claude-sonnet-4-5-20250929[1m]",
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "apac.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "anthropic.claude-sonnet-4-5-20250929-v1:0",
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0[1m]",
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "claude-sonnet-4-5@20250929",
    "claude-sonnet-4-5@default",
    "anthropic/claude-sonnet-4.5",
    "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "claude-sonnet-4-5-latest",
  ],
  "claude-sonnet-4-6": ["anthropic/claude-sonnet-4.6", "us.anthropic.claude-sonnet-4-6", "claude-sonnet-4.6"],
  "claude-opus-4": [
    "claude-opus-4-0",
    "claude-opus-4.0",
    "claude-opus-4-20250514",
    "us.anthropic.claude-opus-4-20250514-v1:0",
    "claude-opus-4@20250514",
  ],
  "claude-sonnet-4": ["claude-sonnet-4-0", "claude-sonnet-4-20250514", "claude-sonnet-4-20250514[1m]"],
  "claude-opus-4-6": ["us.anthropic.claude-opus-4-6-v1", "claude-opus-4-6-fast", "claude-opus-4-6[1m]"],
  "claude-opus-5-5": ["anthropic.claude-opus-5-5", "us.anthropic.claude-opus-5-5", "anthropic/claude-opus-5.5"],
  "claude-3-5-sonnet": [
    "claude-3-5-sonnet-20241022",
    "us.anthropic.claude-3-5-sonnet-20241022-v2:0",
    "claude-3-5-sonnet-v2@20241022",
    "anthropic/claude-3.5-sonnet",
  ],
  "claude-3-7-sonnet": ["claude-3-7-sonnet-20250219", "anthropic/claude-3.7-sonnet:thinking"],
  "claude-3-5-haiku": ["claude-3-5-haiku-latest", "claude-3-5-haiku@20241022"],
  "claude-fable-5-2": ["global.anthropic.claude-fable-5-2"],
};

/** Names that no rule leads to a model from. */
export const notSpellings: readonly string[] = [
  "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3",
  "mistral-7.3",
  "our-claude-sonnet-4-5",
  "<synthetic>",
];
