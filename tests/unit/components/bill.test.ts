import assert from "node:assert/strict";

import type { BillSettings } from "../../../bill/settings";
import { images } from "../../../components/kubernetes/images";
import { deploy, type Deployment } from "./deployment";
import { type Container, one, type PodTemplate, specOf } from "./registered";

interface CronJobSpec {
  readonly schedule: string;
  readonly timeZone: string;
  readonly concurrencyPolicy: string;
  readonly startingDeadlineSeconds: number;
  readonly jobTemplate: { readonly spec: { readonly activeDeadlineSeconds: number } & PodTemplate };
}

const key = "sk-ant-api01-canary";
const withKey = { "bill.key": key };

function job(deployment: Deployment): CronJobSpec {
  return specOf(deployment, "bill-schedule") as CronJobSpec;
}

function container(deployment: Deployment): Container & { readonly command: readonly string[] } {
  return job(deployment).jobTemplate.spec.template.spec.containers[0] as Container & { command: readonly string[] };
}

describe("the bill's job", () => {
  it("is not there without a key", async () => {
    const { resources } = await deploy("prod");
    assert.deepEqual(
      resources.filter(({ name }) => name.startsWith("bill")),
      [],
    );
  });

  it("runs by schedule in UTC, one at a time, and ends by itself", async () => {
    const deployment = await deploy("prod", withKey);
    const { schedule, timeZone, concurrencyPolicy, startingDeadlineSeconds, jobTemplate } = job(deployment);
    assert.deepEqual([schedule, timeZone, concurrencyPolicy], ["23 * * * *", "Etc/UTC", "Forbid"]);
    assert.deepEqual([startingDeadlineSeconds, jobTemplate.spec.activeDeadlineSeconds], [3600, 21_600]);
    assert.equal(container(deployment).image, images.node);
    assert.deepEqual(container(deployment).command, [
      "node",
      "/etc/bill/bill.mjs",
      "/etc/bill/settings.json",
      "/etc/bill-key/key",
    ]);
  });

  it("gets the stack's own Prometheus, and the key as a secret file alone", async () => {
    const deployment = await deploy("prod", withKey);
    const program = one(deployment, "bill-program").inputs as { readonly data: Readonly<Record<string, string>> };
    const settings = JSON.parse(program.data["settings.json"]!) as BillSettings;
    assert.equal(settings.prometheusUrl, "http://prod-prometheus.claude-monitoring-prod.svc:9090");
    assert.equal(settings.prometheusOtlpUrl, "http://prod-prometheus-write:9090/api/v1/otlp");
    assert.equal(settings.requestsPerMinute, 50);
    assert.match(program.data["bill.mjs"]!, /x-api-key/);
    for (const { name, inputs } of deployment.resources) {
      assert.equal(JSON.stringify(inputs).includes(key), name === "bill-key", name);
    }
    assert.equal(container(deployment).env, undefined);
  });

  it("gets the key of pseudonyms where people have them", async () => {
    const [variable, ...others] = container(await deploy("prod", { ...withKey, identity: "pseudonym" })).env!;
    assert.deepEqual([variable!.name, others], ["PSEUDONYM_KEY", []]);
    assert.deepEqual(Object.keys(variable!.valueFrom!), ["secretKeyRef"]);
  });
});
