import { pseudonym } from "../cli/pseudonym";
import type { ChargedTo } from "../telemetry/bill";
import type { Actor } from "./provider/day-bill";
import type { BillSecrets, BillSettings } from "./settings";

/** Recipient of a charge in the words of the stack. */
export interface Recipient {
  /** Value of the label `user`: a person as clients name them, or the id of a key or service. */
  readonly user: string;
  readonly chargedTo: ChargedTo;
}

/** Ids of the provider that name no person. */
const plainId = /^(apikey|svac)_/;

/** Finds out whom the provider charged, and names them as the collector does. */
export class People {
  private readonly known: ReadonlyMap<string, string>;

  constructor(
    private readonly settings: Pick<BillSettings, "people" | "identity">,
    private readonly secrets: Pick<BillSecrets, "pseudonymKey">,
  ) {
    this.known = new Map(Object.entries(settings.people).map(([name, person]) => [name.toLowerCase(), person]));
  }

  /** @param reporting spellings of users that report, by the same in lower case */
  recipient(actor: Actor, reporting: ReadonlyMap<string, string>): Recipient {
    if (actor.kind === "nobody") {
      return { user: "", chargedTo: "nobody" };
    }
    const email = actor.kind === "person" ? actor.email : undefined;
    const configured = this.configured(actor.id) ?? this.configured(email);
    if (configured === undefined && actor.kind !== "person") {
      const shown = this.settings.identity === "keep" || plainId.test(actor.id);
      return { user: shown ? actor.id : "", chargedTo: actor.kind };
    }
    const user = this.stored(configured ?? email ?? actor.id);
    return { user: reporting.get(user.toLowerCase()) ?? user, chargedTo: "person" };
  }

  private configured(name: string | undefined): string | undefined {
    return name === undefined ? undefined : this.known.get(name.toLowerCase());
  }

  /** A person's name as the collector stores it; none where nobody is named. */
  private stored(person: string): string {
    switch (this.settings.identity) {
      case "keep":
        return person;
      case "drop":
        return "";
      case "pseudonym":
        return pseudonym(this.secrets.pseudonymKey ?? "", person);
    }
  }
}
