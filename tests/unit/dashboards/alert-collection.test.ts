import assert from "node:assert/strict";

import { allAlerts } from "../../../dashboards/alerts/alerts";
import type { AlertOptions } from "../../../dashboards/alerts/options";
import { testAlertOptions, testDashboardOptions } from "../../support/alerts/alert-options";

function uidsOf(changes: Partial<AlertOptions> = {}): string[] {
  const options = { ...testAlertOptions("UTC", new Date("2026-11-24T12:00:00Z")), ...changes };
  return allAlerts(testDashboardOptions("UTC"), options).flatMap(({ alerts }) => alerts.map(({ uid }) => uid));
}

const every = uidsOf();

/** What is missing with a collection. */
function without(collection: AlertOptions["collection"]): string[] {
  const uids = uidsOf({ collection });
  return every.filter((uid) => !uids.includes(uid));
}

describe("alerts without a collection of the stack's own", () => {
  it("are those about what is stored", () => {
    assert.deepEqual(
      without(undefined),
      every.filter((uid) => /-(health|loss)-|arrival-(events|metrics)/.test(uid)),
    );
    assert.ok(uidsOf({ collection: undefined }).includes("claude-arrival-nothing"));
  });

  it("need no word on missing ones of a single collector, nor on stores and backups that are not there", () => {
    const backups = { stores: ["prometheus"], maxAgeSeconds: 3600 };
    assert.deepEqual(without({ collectors: 1, stores: ["loki", "tempo"], backups }), [
      "claude-health-collector-missing",
    ]);
    assert.deepEqual(without({ collectors: 2, stores: ["loki"], backups }), ["claude-health-tempo-down"]);
    assert.deepEqual(without({ collectors: 2, backups }), ["claude-health-loki-down", "claude-health-tempo-down"]);
    for (const none of [undefined, { ...backups, stores: [] }]) {
      const collection = { collectors: 2, stores: ["loki", "tempo"] as const };
      assert.deepEqual(without({ ...collection, ...(none === undefined ? {} : { backups: none }) }), [
        "claude-health-backup-missing",
      ]);
    }
  });
});
