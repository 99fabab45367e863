import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { allAlerts } from "../../dashboards/alerts/alerts";
import { billCases } from "../support/alerts/cases/bill";
import { budgetCases } from "../support/alerts/cases/budgets";
import { calendarCases } from "../support/alerts/cases/calendar";
import { type AlertCase, instant } from "../support/alerts/cases/case";
import { ledgerCases } from "../support/alerts/cases/ledgers";
import { pipelineCases } from "../support/alerts/cases/pipeline";
import { reconciliationCases } from "../support/alerts/cases/reconciliation";
import { storeCases } from "../support/alerts/cases/stores";
import { usageCases } from "../support/alerts/cases/usage";
import { firing } from "../support/alerts/alert-evaluation";
import { History, span } from "../support/alerts/alert-history";
import { testAlertOptions, testDashboardOptions } from "../support/alerts/alert-options";
import { pipelineBinaries } from "../support/collectors/pipeline-binaries";
import { removeTemporaryDirectory, temporaryDirectory } from "../support/processes";
import { PrometheusProcess } from "../support/prometheus/prometheus-process";

const cases = [
  ...budgetCases,
  ...usageCases,
  ...pipelineCases,
  ...ledgerCases,
  ...calendarCases,
  ...reconciliationCases,
  ...storeCases,
  ...billCases,
];
/** Cases without a date of their own get nine weeks each, before all dates that others have: a Wednesday. */
const firstSlot = instant("2023-01-04T14:30:00Z");
const slot = 9 * span.week;

function at(alertCase: AlertCase): number {
  return alertCase.at ?? firstSlot - cases.indexOf(alertCase) * slot;
}

/** All rules as they are deployed at the case's time. */
function groupsFor({ timeZone = "UTC" }: AlertCase, now: number) {
  return allAlerts(testDashboardOptions(timeZone), testAlertOptions(timeZone, new Date(now * 1000)));
}

describe("alerts, evaluated by the real Prometheus", function () {
  this.timeout(300_000);
  let directory: string;
  let prometheus: PrometheusProcess;

  before(async () => {
    const binaries = await pipelineBinaries();
    directory = temporaryDirectory("claude-monitoring-alerts");
    const dataDirectory = path.join(directory, "data");
    fs.mkdirSync(dataDirectory);
    for (const alertCase of cases) {
      const end = at(alertCase);
      const history = new History(end, alertCase.age === undefined ? undefined : end - alertCase.age);
      alertCase.history(history);
      history.writeBlocks(binaries.promtool, directory, dataDirectory);
    }
    prometheus = await PrometheusProcess.prepare(binaries.prometheus, directory, {
      outOfOrderTimeWindow: "30h",
      dataDirectory,
      retention: "100y",
    });
    await prometheus.start();
  });

  after(async () => {
    await prometheus.stop();
    removeTemporaryDirectory(directory);
  });

  for (const alertCase of cases) {
    const { uid, where, fires } = alertCase;
    it(`${uid} ${fires.length > 0 ? "fires" : "stays silent"} where ${where}`, async () => {
      const end = at(alertCase);
      const group = groupsFor(alertCase, end).find(({ alerts }) => alerts.some((alert) => alert.uid === uid));
      const rule = group?.alerts.find((alert) => alert.uid === uid);
      assert.ok(group && rule, `there is no alert ${uid}`);
      const found = await firing(prometheus.reader, rule, group, end);
      const expected = fires.map(({ labels = {}, value }) => ({
        labels,
        value: (typeof value === "function" ? value(end) : value).toFixed(9),
      }));
      // Series come in no promised order.
      const sorted = (alerts: typeof expected) =>
        alerts.map(({ labels, value }) => `${value} ${JSON.stringify(Object.entries(labels).sort())}`).sort();
      assert.deepEqual(
        sorted(found.map(({ labels, value }) => ({ labels, value: value.toFixed(9) }))),
        sorted(expected),
      );
    });
  }

  it("lacks for no alert a history in which it fires, nor one in which it stays silent", () => {
    const uids = allAlerts(testDashboardOptions("UTC"), testAlertOptions("UTC", new Date(0)))
      .flatMap(({ alerts }) => alerts.map(({ uid }) => uid))
      .sort();
    const withOutcome = (outcome: boolean) =>
      [...new Set(cases.filter(({ fires }) => fires.length > 0 === outcome).map(({ uid }) => uid))].sort();
    assert.deepEqual(withOutcome(true), uids);
    assert.deepEqual(withOutcome(false), uids);
  });
});
