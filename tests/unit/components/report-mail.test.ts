import assert from "node:assert/strict";

import type { MailSettings } from "../../../cli/report/mail/settings";
import { smtp, smtpWithUser } from "../config/smtp";
import { deploy, type Deployment } from "./deployment";
import { type Container, one, type PodTemplate, specOf } from "./registered";

interface CronJobSpec {
  readonly schedule: string;
  readonly timeZone: string;
  readonly concurrencyPolicy: string;
  readonly jobTemplate: { readonly spec: PodTemplate };
}

const emails = { "report.emails": ["controlling@corp.test"] };

function job(deployment: Deployment): CronJobSpec {
  return specOf(deployment, "report-schedule") as CronJobSpec;
}

function container(deployment: Deployment): Container {
  return job(deployment).jobTemplate.spec.template.spec.containers[0]!;
}

describe("the job that mails the month's report", () => {
  it("is not there without addresses", async () => {
    const { resources } = await deploy("prod", smtp);
    assert.ok(!resources.some(({ name }) => name.startsWith("report")));
  });

  it("runs in the stack's time zone, with its words and its Prometheus", async () => {
    const deployment = await deploy("prod", { ...smtp, ...emails, timeZone: "Asia/Taipei", language: "zh-TW" });
    const { schedule, timeZone, concurrencyPolicy } = job(deployment);
    assert.deepEqual([schedule, timeZone, concurrencyPolicy], ["0 6 3 * *", "Asia/Taipei", "Forbid"]);
    const { data } = one(deployment, "report-program").inputs as { readonly data: Readonly<Record<string, string>> };
    const settings = JSON.parse(data["settings.json"]!) as MailSettings;
    assert.equal(settings.prometheusUrl, "http://prod-prometheus.claude-monitoring-prod.svc:9090");
    assert.equal(settings.stack.words.total, "總計");
    assert.deepEqual(settings.mail, {
      to: ["controlling@corp.test"],
      host: "smtp.corp.test:587",
      fromName: "Grafana",
      fromAddress: "grafana@corp.test",
      startTlsPolicy: "MandatoryStartTLS",
    });
    assert.equal(container(deployment).env, undefined);
  });

  it("gets the mail server's password from a Secret", async () => {
    const deployment = await deploy("prod", { ...smtpWithUser, ...emails });
    const [variable] = container(deployment).env!;
    assert.deepEqual([variable!.name, Object.keys(variable!.valueFrom!)], ["SMTP_PASSWORD", ["secretKeyRef"]]);
    const holding = deployment.resources.filter(({ inputs }) => JSON.stringify(inputs).includes("smtp-secret"));
    assert.ok(holding.every(({ type }) => type === "kubernetes:core/v1:Secret"));
    assert.ok(holding.some(({ name }) => name === "report-smtp-password"));
  });
});
