import assert from "node:assert/strict";

import { modelName } from "../../../telemetry/models";
import { modelSpellings, notSpellings } from "../../support/model-spellings";

describe("names of models", () => {
  it("are one for each model, however a client spells it", () => {
    for (const [name, spellings] of Object.entries(modelSpellings)) {
      for (const spelled of [name, ...spellings]) {
        assert.equal(modelName(spelled), name, spelled);
      }
    }
  });

  it("stay as they are where nothing says which model it is", () => {
    for (const spelled of notSpellings) {
      assert.equal(modelName(spelled), spelled);
    }
  });
});
