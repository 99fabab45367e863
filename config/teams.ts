import { z } from "zod";

import type { TeamCredentialsArgs } from "../components/collector/team-credentials";
import type { Place } from "../components/kubernetes/labels";
import { type General, imageOf } from "./general";
import * as value from "./values";

export const title = "Teams";

const names = "teams such as platform or { name: web, credentials: [1, 2] }";

const teamName = value.matching(
  "a team's name of at most 40 letters, digits, hyphens and underscores",
  /^[a-zA-Z0-9][\w-]{0,39}$/,
);

const team = value.group({
  name: teamName.describe("Name of the team"),
  credentials: distinct("numbers of credentials", value.wholeNumber(1, 9999), String)
    .refine((numbers) => numbers.length > 0, { error: "expected a credential at least" })
    .prefault([1])
    .describe(
      "Numbers of the credentials that are let in; the last is handed out, and one that is left out is revoked",
    ),
});

const teamRule = value.group({
  attribute: value
    .attributeName("user.groups")
    .describe(
      "Attribute that clients send, stored or not: `user.groups` and `identity.source` come with a gateway's sign-in",
    ),
  value: value
    .matching("a value of at most 200 characters without commas and quotes", /^[^,"[\]]{1,200}$/)
    .describe("Its value, or one of those that it lists with commas between"),
  team: teamName.describe("Team of those who have that value"),
});

export const schema = {
  teamRules: value
    .list("rules such as { attribute: user.groups, value: web-developers, team: web }", teamRule)
    .prefault([])
    .describe(
      "Teams of those who name none themselves and come without a credential; of several rules that fit, the first decides",
    ),
  teams: distinct(names, z.preprocess(named, team), ({ name }) => name)
    .transform((teams) => new Map(teams.map(({ name, credentials }) => [name, credentials])))
    .prefault([])
    .describe(
      "Teams that may send, each with a credential of its own: names, or `{ name, credentials }`; everybody may send without",
    ),
};

export type Teams = value.ValuesOf<typeof schema>;

/** A bare name stands for a team with its first credential. */
function named(found: unknown): unknown {
  return typeof found === "string" || typeof found === "number" ? { name: found } : found;
}

/** A list in which none comes twice. */
function distinct<Element extends z.ZodType>(
  expected: string,
  element: Element,
  nameOf: (value: z.output<Element>) => string,
) {
  return value
    .list(expected, element)
    .refine((all) => new Set(all.map(nameOf)).size === all.length, { error: `expected different ${expected}` });
}

/** Clients without a credential. */
export function productionRefusals({ collection, teams }: Teams & General): string[] {
  return collection === "in-cluster" && teams.size === 0
    ? ["teams: found nothing; in production expected the teams that may send"]
    : [];
}

/** The credentials to make; undefined where everybody may send. */
export function teamCredentialsArgs(config: Teams & General): Omit<TeamCredentialsArgs, keyof Place> | undefined {
  const { collection, teams } = config;
  return collection === "in-cluster" && teams.size > 0 ? { image: imageOf(config, "collector"), teams } : undefined;
}
