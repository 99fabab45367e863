import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";

import { execa } from "execa";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

import { bundleReportMail } from "../../../cli/report/mail/bundle";
import { mailReport } from "../../../cli/report/mail/mail";
import { type MailSettings, smtpPasswordVariable } from "../../../cli/report/mail/settings";
import { texts } from "../../../dashboards/text/texts";
import { day } from "../../../units";
import { listen, loopback } from "../../support/loopback-ports";
import { removeTemporaryDirectory, temporaryDirectory } from "../../support/processes";

const password = "smtp-secret";
/** In Berlin it is the first of November already. */
const now = Date.parse("2026-10-31T23:30:00Z") / 1000;

describe("a report by mail", function () {
  this.timeout(20_000);
  const received: { readonly user: string | undefined; readonly mail: ParsedMail }[] = [];
  let prometheus: http.Server;
  let server: SMTPServer;

  before(async () => {
    prometheus = http.createServer((request, response) => {
      const days = request.url?.includes("day_read") === true;
      const metric = { part: "metered", team: "web", user: "ada@example.com" };
      const result = days ? [] : [{ metric, value: [0, "1.5"] }];
      response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
    });
    await listen(prometheus, loopback, 0);
    server = new SMTPServer({
      allowInsecureAuth: true,
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onAuth: ({ username, password: given }, _, done) => {
        done(given === password ? null : new Error("535 wrong password"), { user: username });
      },
      onData: (stream, session, done) => {
        simpleParser(stream).then((mail) => {
          received.push({ user: session.user as string | undefined, mail });
          done();
        }, done);
      },
    });
    await new Promise<void>((resolve) => {
      server.listen(0, loopback, resolve);
    });
  });

  after(async () => {
    prometheus.close();
    await new Promise<void>((resolve) => {
      server.close(resolve);
    });
  });

  beforeEach(() => {
    received.length = 0;
  });

  function settings(more: Partial<MailSettings["mail"]> = {}): MailSettings {
    return {
      timeZone: "Europe/Berlin",
      stack: {
        words: texts.en.report,
        plan: { kind: "api" },
        budgets: { organisation: undefined, user: undefined, teams: [["web", 100]] },
        teams: ["web"],
        retention: 400 * day,
      },
      prometheusUrl: `http://${loopback}:${(prometheus.address() as AddressInfo).port}`,
      mail: {
        to: ["controlling@corp.test", "lead@corp.test"],
        fromName: "Claude Code",
        fromAddress: "grafana@corp.test",
        host: `${loopback}:${(server.server.address() as AddressInfo).port}`,
        user: "grafana",
        startTlsPolicy: "NoStartTLS",
        ...more,
      },
    };
  }

  it("is the last whole month of its zone, as a page and as CSV, to everybody", async () => {
    assert.equal(await mailReport(settings(), password, now), "2026-10");
    const [{ user, mail } = assert.fail("no mail came")] = received;
    assert.equal(user, "grafana");
    assert.equal(mail.subject, "Claude Code cost in 2026-10");
    assert.equal(mail.from?.text, '"Claude Code" <grafana@corp.test>');
    const to = [mail.to ?? []].flat().flatMap(({ value }) => value.map(({ address }) => address));
    assert.deepEqual(to, ["controlling@corp.test", "lead@corp.test"]);
    const [page, table] = mail.attachments;
    assert.deepEqual([page?.filename, table?.filename], ["claude-code-2026-10.html", "claude-code-2026-10.csv"]);
    assert.equal(page?.content.toString(), mail.html);
    // 31 days of 1.5 USD.
    for (const text of [table?.content.toString() ?? "", String(mail.html)]) {
      assert.ok(text.includes("ada@example.com") && text.includes("46.50"), text);
    }
  });

  it("needs a server with TLS where that is mandatory, and its user's password", async () => {
    await assert.rejects(mailReport(settings({ startTlsPolicy: "MandatoryStartTLS" }), password, now), /STARTTLS/);
    await assert.rejects(mailReport(settings(), "wrong", now), /535 wrong password|Invalid login/);
    assert.deepEqual(received, []);
  });

  it("is sent by one file alone, which needs nothing but Node.js, and never prints the password", async () => {
    const folder = temporaryDirectory("report-mail");
    const [program, file] = [path.join(folder, "report.mjs"), path.join(folder, "settings.json")];
    fs.writeFileSync(program, bundleReportMail());
    const run = async (mail: MailSettings) => {
      fs.writeFileSync(file, JSON.stringify(mail));
      const env = { [smtpPasswordVariable]: password };
      return execa(process.execPath, [program, file], { cwd: folder, env, extendEnv: false, reject: false });
    };
    try {
      const sent = await run(settings());
      assert.match(sent.stdout, /^mailed the report of \d{4}-\d\d to 2 addresses$/);
      assert.equal(received.length, 1);
      const refused = await run(settings({ startTlsPolicy: "MandatoryStartTLS" }));
      assert.equal(refused.exitCode, 1);
      assert.ok(refused.stderr.includes("STARTTLS") && !refused.stderr.includes(password), refused.stderr);
    } finally {
      removeTemporaryDirectory(folder);
    }
  });
});
