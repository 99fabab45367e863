import assert from "node:assert/strict";

import { pseudonym } from "../../../cli/pseudonym";

describe("a pseudonym", () => {
  it("is the same for every spelling of an address, and another for another key or person", () => {
    const of = pseudonym("key", "ann@example.com");
    assert.match(of, /^person-[0-9a-f]{20}$/);
    assert.equal(pseudonym("key", " Ann@Example.com "), of);
    assert.notEqual(pseudonym("other", "ann@example.com"), of);
    assert.notEqual(pseudonym("key", "bob@example.com"), of);
  });
});
