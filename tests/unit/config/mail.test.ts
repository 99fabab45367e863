import assert from "node:assert/strict";

import type { ConfigValues } from "../../../config/paths";
import { externalGrafana } from "../components/external-grafana";
import { smtp, smtpWithUser } from "./smtp";
import { problemsOf as problemsOfStack } from "./stack-config";

const problemsOf = (overrides: ConfigValues) => problemsOfStack("prod", overrides);

describe("configuration of mail", () => {
  it("refuses mail that Grafana could not send", () => {
    const emails = { "alerting.emails": ["a@corp.test"] };
    assert.deepEqual(problemsOf(emails), [
      "alerting.emails: found addresses; without grafana.smtp.host expected nothing, Grafana could not send a mail",
    ]);
    assert.deepEqual(problemsOf({ ...emails, ...smtpWithUser }), []);
    assert.deepEqual(problemsOf({ ...emails, ...externalGrafana }), []);
    assert.deepEqual(problemsOf({ ...smtp, ...externalGrafana }), [
      'grafana.smtp.host: found "smtp.corp.test:587"; with grafana.deployment "external" expected nothing, only a ' +
        "Grafana of the stack gets it",
    ]);
    assert.deepEqual(problemsOf({ "grafana.smtp.host": "smtp.corp.test:25" }), [
      "grafana.smtp.fromAddress: found nothing; with grafana.smtp.host expected the sender's address",
    ]);
    for (const key of ["grafana.smtp.user", "grafana.smtp.password"]) {
      assert.deepEqual(problemsOf({ ...smtp, [key]: "one" }), [
        "grafana.smtp.user, grafana.smtp.password: found one of them; expected both or neither",
      ]);
    }
    const withoutHost = Object.fromEntries(Object.entries(smtpWithUser).filter(([key]) => key !== "grafana.smtp.host"));
    assert.deepEqual(
      problemsOf(withoutHost),
      ["user", "password", "fromAddress"].map(
        (key) => `grafana.smtp.${key}: found a value; without grafana.smtp.host expected nothing`,
      ),
    );
  });

  it("refuses mail from, through and to a domain that is nobody's in production", () => {
    const nobodys = {
      "alerting.emails": ["a@corp.test", "b@example.com"],
      "grafana.smtp.host": "smtp.example.net:587",
      "grafana.smtp.fromAddress": "grafana@mail.example.org",
    };
    const found = problemsOf(nobodys).map((problem) => problem.split("; ")[0]);
    assert.deepEqual(found, [
      'grafana.smtp.host: found the placeholder "smtp.example.net:587"',
      'grafana.smtp.fromAddress: found the placeholder "grafana@mail.example.org"',
      'alerting.emails[1]: found the placeholder "b@example.com"',
    ]);
  });
});
