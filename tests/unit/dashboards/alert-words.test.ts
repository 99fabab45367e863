import assert from "node:assert/strict";

import { allAlerts } from "../../../dashboards/alerts/alerts";
import { rollupNames } from "../../../dashboards/rollups/levels";
import { texts } from "../../../dashboards/text/texts";
import { testAlertOptions, testDashboardOptions } from "../../support/alerts/alert-options";
import { loadParser, selectors } from "./promql";

describe("the alert about roll-ups", () => {
  before(loadParser);

  it("says in every language which one it is about: there is an instance for each", () => {
    const labels = [rollupNames.signal, rollupNames.scope, rollupNames.step];
    const options = testAlertOptions("UTC", new Date("2026-11-24T12:00:00Z"));
    for (const [language, text] of Object.entries(texts)) {
      const all = allAlerts({ ...testDashboardOptions("UTC"), text }, options).flatMap(({ alerts }) => alerts);
      const { expr, annotations } = all.find(({ uid }) => uid === "claude-ledger-rollups")!;
      const compared = selectors(expr).find(({ metric }) => metric === rollupNames.difference);
      assert.deepEqual(compared?.groupedBy, labels);
      for (const name of ["summary", "description"]) {
        for (const label of labels) {
          assert.ok(annotations[name]?.includes(`{{ $labels.${label} }}`), `${language}: ${name} lacks ${label}`);
        }
      }
    }
  });
});
