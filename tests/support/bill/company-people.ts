import { Random } from "../../../synthetic/random";
import type { UserActor } from "./billed-use";

/** Habits of a person, from which the reasons of differences follow. */
export type Habit =
  /** Reports and is charged, with gaps on some days. */
  | "regular"
  /** Is charged, and never reports. */
  | "silent"
  /** Reports the use of a cloud, which the provider never charges. */
  | "cloud"
  /** Pays by seat alone. */
  | "seat"
  /** Pays by seat, and by use on top of it. */
  | "seatAndMetered";

export interface Person {
  readonly actor: UserActor;
  /** As clients report it; undefined for people who report none. */
  readonly team: string | undefined;
  readonly habit: Habit;
  /** Null for people who log in. */
  readonly apiKeyId: string | null;
}

/** Somebody else than a person, to whom the provider charges. */
export interface Machine {
  readonly name: string;
  readonly actor: { readonly type: "key" | "service"; readonly id: string };
  readonly product: string;
  readonly workspaceId: string | null;
}

export const codeWorkspace = "wrkspc_claude_code";

export const machines: readonly Machine[] = [
  { name: "ci", actor: { type: "key", id: "apikey_ci" }, product: "claude_code", workspaceId: "wrkspc_ci" },
  { name: "nightly", actor: { type: "service", id: "svac_nightly" }, product: "claude_code", workspaceId: "wrkspc_ci" },
  { name: "search", actor: { type: "key", id: "apikey_search" }, product: "messages_api", workspaceId: null },
  {
    name: "batches",
    actor: { type: "service", id: "svac_batches" },
    product: "message_batches_api",
    workspaceId: null,
  },
];

const teams = ["payments", "search", "platform"];
/** Habits other than the usual one, of the first people. */
const unusual: readonly Habit[] = ["silent", "silent", "cloud", "seat", "seatAndMetered"];
/** Share of people who work with a key of their own. */
const keyShare = 0.4;

/** People of a company; the first ones have each of the unusual habits. */
export function peopleOf(seed: number, count: number): Person[] {
  if (count <= unusual.length) {
    throw new Error(`a company of ${count} has no regular people; expected more than ${unusual.length}`);
  }
  return Array.from({ length: count }, (_, index) => {
    const random = Random.for(seed, "person", index);
    const habit = unusual[index] ?? "regular";
    const name = `person-${String(index + 1).padStart(2, "0")}`;
    return {
      actor: { type: "user", id: `user_${random.hex(8)}${index}`, email: `${name}@example.com`, name },
      team: habit === "silent" ? undefined : random.pick(teams),
      habit,
      apiKeyId: habit === "regular" && random.chance(keyShare) ? `apikey_${name}` : null,
    };
  });
}
