/** A replacement by a regular expression that JavaScript and the collector read alike; `$1` stands for its group. */
export interface Replacement {
  readonly pattern: string;
  readonly by: string;
}

/** Models that clients name in other words: on Bedrock, Vertex and gateways, by date, or with the size of a context. */
const spelling = [
  // A path of a gateway, or the ARN of a profile that is the provider's own.
  "^(?:.*/)?",
  "(?:(?:[a-z-]+[.])?anthropic[.])?",
  "(claude-[a-z0-9.-]+?)",
  // The first of its generation: claude-opus-4-0 is claude-opus-4.
  "(?:[.-]0)?",
  "(?:-fast|-latest)?",
  "(?:-v[0-9]{1,3}@[0-9]{8}|[@-][0-9]{8}|@[a-z]+)?",
  "(?:-v[0-9]{1,3}(?::[0-9]{1,3})?)?",
  "(?::[a-z]+)?",
  "(?:\\[[12]m\\])?$",
].join("");

/** Steps from any spelling of a model to its name. Other texts stay as they are. */
export const naming: readonly Replacement[] = [
  { pattern: spelling, by: "$1" },
  { pattern: "^(claude-(?:[a-z]+-)?[0-9]{1,2})[.]([0-9])", by: "$1-$2" },
];

/** Returns the one name of a model, as the collector writes it. */
export function modelName(spelled: string): string {
  return naming.reduce((name, { pattern, by }) => name.replace(new RegExp(pattern), by), spelled);
}
