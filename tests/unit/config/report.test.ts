import assert from "node:assert/strict";

import { networkPoliciesArgs, workloadSizes } from "../../../config/network";
import { reportMailArgs } from "../../../config/report";
import { dashboardsOnly } from "../components/external-grafana";
import { smtp, smtpWithUser } from "./smtp";
import { problemsOf, stackConfig } from "./stack-config";

const emails = { "report.emails": ["controlling@corp.test"] };

describe("configuration of the month's report", () => {
  it("mails nothing to nobody", () => {
    const config = stackConfig("prod", smtpWithUser);
    assert.equal(reportMailArgs(config), undefined);
    assert.ok(!networkPoliciesArgs(config)!.components.includes("report"));
  });

  it("mails it through Grafana's server, to which alone its job may connect", () => {
    const config = stackConfig("prod", {
      ...smtpWithUser,
      ...emails,
      "budgets.teams": { engineering: { monthly: 100 } },
    });
    const { to, schedule, timeZone, stack, smtp: server } = reportMailArgs(config)!;
    assert.deepEqual([to, schedule, timeZone], [["controlling@corp.test"], "0 6 3 * *", "UTC"]);
    assert.deepEqual([server.host, server.credentials?.user], ["smtp.corp.test:587", "grafana"]);
    assert.deepEqual(JSON.parse(JSON.stringify(stack.budgets)), { teams: [["engineering", 100]] });
    assert.deepEqual(networkPoliciesArgs(config)!.externalEgress.report, { ports: [587] });
    assert.ok(networkPoliciesArgs(config)!.components.includes("report"));
    assert.equal(workloadSizes(config)!.length, workloadSizes(stackConfig("prod"))!.length + 1);
  });

  it("refuses addresses without a server, without a Prometheus, and of nobody", () => {
    assert.deepEqual(problemsOf("prod", emails), [
      "report.emails: found addresses; without grafana.smtp.host expected nothing, no mail could be sent",
    ]);
    assert.ok(
      problemsOf("prod", { ...dashboardsOnly, ...emails }).includes(
        'report.emails: found addresses; with collection "none" expected nothing, there is no Prometheus to read',
      ),
    );
    assert.deepEqual(problemsOf("prod", { ...smtp, "report.emails": ["a@example.com"] }), [
      'report.emails[0]: found the placeholder "a@example.com"; in production expected an address of your own',
    ]);
    assert.deepEqual(problemsOf("prod", { ...smtp, "report.emails": ["nobody"] }), [
      'report.emails[0]: found "nobody"; expected a mail address',
    ]);
  });
});
