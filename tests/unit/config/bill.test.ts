import assert from "node:assert/strict";

import { billArgs } from "../../../config/bill";
import type { ConfigValues } from "../../../config/paths";
import { networkPoliciesArgs, workloadSizes } from "../../../config/network";
import { prometheusArgs } from "../../../config/storage";
import { dashboardsOnly } from "../components/external-grafana";
import { store } from "../components/hardening-variants";
import { problemsOf, stackConfig } from "./stack-config";

const key = { "bill.key": "sk-ant-api01-canary" };

describe("configuration of the bill", () => {
  it("reads nothing without a key, and Prometheus takes samples as late as before", () => {
    const config = stackConfig("prod");
    assert.equal(billArgs(config), undefined);
    assert.equal(networkPoliciesArgs(config)!.externalEgress.bill, undefined);
    assert.ok(!networkPoliciesArgs(config)!.components.includes("bill"));
    assert.equal(prometheusArgs(config).outOfOrderTimeWindow, "30h");
  });

  it("with a key opens the provider's addresses alone, and Prometheus for the days that are read", () => {
    const config = stackConfig("prod", { ...key, "bill.days": "20" });
    assert.deepEqual(networkPoliciesArgs(config)!.externalEgress.bill, {
      ports: [443],
      addresses: ["160.79.104.0/23", "153.61.224.0/22", "2607:6bc0::/48"],
    });
    assert.ok(networkPoliciesArgs(config)!.components.includes("bill"));
    assert.equal(prometheusArgs(config).outOfOrderTimeWindow, "504h");
    assert.equal(workloadSizes(config)!.length, workloadSizes(stackConfig("prod"))!.length + 1);
  });

  it("hands the job what it asks for, and no secret among it", () => {
    const { settings, schedule } = billArgs(
      stackConfig("dev", {
        ...key,
        "bill.people": { apikey_01Ab: "ada@corp.test" },
        "bill.claudeCodeWorkspaces": ["wrkspc_01"],
        "plan.kind": "seats",
        "plan.seats": "3",
        "plan.seatPrice": "20",
        "prices.multiplier": "0.8",
        "prices.aliases": { "corp/opus": "claude-opus-5" },
      }),
    )!;
    assert.equal(schedule, "23 * * * *");
    assert.deepEqual(settings, {
      url: "https://api.anthropic.com",
      api: "auto",
      days: 29,
      settleAfterSeconds: 86_400,
      people: { apikey_01Ab: "ada@corp.test" },
      claudeCodeWorkspaces: ["wrkspc_01"],
      identity: "keep",
      seatsUnlessSaid: true,
      ownPrices: { multiplier: 0.8, models: {} },
      modelAliases: { "corp/opus": "claude-opus-5" },
    });
    assert.ok(!JSON.stringify(settings).includes("canary"));
  });

  const refused: readonly (readonly [string, ConfigValues, string])[] = [
    [
      "without a Prometheus of its own",
      { ...dashboardsOnly, ...key },
      'bill.key: found a value; with collection "none" expected nothing, there is no Prometheus for the bill',
    ],
    [
      "in a Prometheus that Grafana does not read",
      { ...store, ...key },
      "bill.key: found a value; with remoteWrite.url expected nothing, the bill is in a Prometheus that Grafana does not read then",
    ],
    [
      "of days that Prometheus does not keep",
      { ...key, "bill.days": "365", "prometheus.retention": "300d" },
      "bill.days: found 365; expected a day less than prometheus.retention, at most",
    ],
    [
      "over http",
      { ...key, "bill.url": "http://api.corp.test" },
      "bill.url: found an http URL; in production expected https",
    ],
    [
      "of a day that is none",
      { ...key, "bill.keyExpires": "2027-02-31x" },
      "bill.keyExpires: found a value that is kept secret; expected a date such as 2027-03-31, or nothing",
    ],
    [
      "to no address",
      { ...key, "bill.addresses": [] },
      "bill.addresses: found a list; expected a block of addresses at least",
    ],
  ];
  for (const [what, values, problem] of refused) {
    it(`refuses a bill ${what}`, () => {
      assert.deepEqual(problemsOf("prod", values), [problem]);
    });
  }

  it("shows no key that is none", () => {
    const [problem] = problemsOf("prod", { "bill.key": "not one" });
    assert.match(problem!, /^bill\.key: found a value that is kept secret; expected a key/);
  });

  it("takes a date", () => {
    const { bill } = stackConfig("prod", { ...key, "bill.keyExpires": "2027-03-31" });
    assert.equal(bill.keyExpires, Date.UTC(2027, 2, 31) / 1000);
  });
});
