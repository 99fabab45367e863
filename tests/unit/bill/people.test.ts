import assert from "node:assert/strict";

import { People } from "../../../bill/people";
import type { BillSettings } from "../../../bill/settings";
import { pseudonym } from "../../../cli/pseudonym";

const configured = { apikey_01Ab: "ada@example.com", "Bo@Example.com": "bo", user_9: "chen@example.com" };
const ada = { kind: "person", id: "user_1", email: "Ada@example.com" } as const;

function people(identity: BillSettings["identity"]) {
  return new People({ people: configured, identity }, { pseudonymKey: "key" });
}

describe("recipients of charges", () => {
  it("are people by their mail address, in the spelling of those who report", () => {
    const reporting = new Map([["ada@example.com", "ada@EXAMPLE.com"]]);
    assert.deepEqual(people("keep").recipient(ada, reporting), { user: "ada@EXAMPLE.com", chargedTo: "person" });
    assert.deepEqual(people("keep").recipient(ada, new Map()), { user: "Ada@example.com", chargedTo: "person" });
    const unnamed = { kind: "person", id: "user_2" } as const;
    assert.deepEqual(people("keep").recipient(unnamed, new Map()), { user: "user_2", chargedTo: "person" });
  });

  it("are whom the configuration names, by id and by address", () => {
    const user = (actor: Parameters<People["recipient"]>[0]) => people("keep").recipient(actor, new Map());
    assert.deepEqual(user({ kind: "key", id: "apikey_01Ab" }), { user: "ada@example.com", chargedTo: "person" });
    assert.deepEqual(user({ kind: "person", id: "user_3", email: "bo@example.com" }), {
      user: "bo",
      chargedTo: "person",
    });
    assert.deepEqual(user({ kind: "person", id: "user_9" }), { user: "chen@example.com", chargedTo: "person" });
  });

  it("are keys and services by their ids, and nobody where there is none", () => {
    const recipient = people("keep").recipient({ kind: "key", id: "ci-runner" }, new Map());
    assert.deepEqual(recipient, { user: "ci-runner", chargedTo: "key" });
    assert.deepEqual(people("keep").recipient({ kind: "nobody" }, new Map()), { user: "", chargedTo: "nobody" });
  });

  it("have the collector's pseudonyms, and a key's name, which may be a person's, is left out", () => {
    const known = pseudonym("key", "ada@example.com");
    const reporting = new Map([[known, known]]);
    assert.deepEqual(people("pseudonym").recipient(ada, reporting), { user: known, chargedTo: "person" });
    const key = (id: string) => people("pseudonym").recipient({ kind: "key", id }, new Map()).user;
    assert.deepEqual([key("ada's key"), key("apikey_7"), key("apikey_01Ab")], ["", "apikey_7", known]);
  });

  it("are all one where nobody is named", () => {
    assert.deepEqual(people("drop").recipient(ada, new Map()), { user: "", chargedTo: "person" });
  });
});
