import * as assert from "node:assert/strict";

import type { Plan } from "../../dashboards/options";
import { cost } from "../../dashboards/queries/cost";
import { billedAs } from "../../dashboards/queries/billing";
import { serviceName } from "../../telemetry/events";
import { metrics } from "../../telemetry/client-metrics";
import { metricsRequest } from "../../synthetic/otlp/request";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { OtlpSender } from "../support/otlp/otlp-sender";

type Attributes = Readonly<Record<string, string>>;

const plan = "anthropic.plan";
const seatType = "anthropic.seat_type";
const premium = { [plan]: "team", [seatType]: "premium" };

/** What one user spends, with and without the attributes of a subscription; amounts add up in binary. */
const spent: readonly (readonly [user: string, usd: number, more: Attributes])[] = [
  ["seat", 1, premium],
  ["silent", 2, {}],
  ["both", 4, premium],
  ["both", 8, {}],
  ["both", 16, { [plan]: "enterprise", [seatType]: "usage_based" }],
  ["plan-alone", 32, { [plan]: "max" }],
  ["enterprise", 64, { [plan]: "enterprise" }],
  // A new type of seat: its plan says what it can.
  ["new-type", 128, { [plan]: "team", [seatType]: "deluxe" }],
  // The collector's own word, and none of a client's.
  ["pretender", 256, { "claude_monitoring.billing": "seat" }],
];

describe("seats and metered use", function () {
  this.timeout(60_000);
  let stack: PipelineStack;

  before(async () => {
    stack = await PipelineStack.start();
    const sender = new OtlpSender(stack.otlpHttpUrl);
    assert.equal((await sender.send("metrics", request())).outcome, "accepted");
    sender.close();
    await stack.drained();
  });

  after(async () => {
    await stack.stop();
  });

  async function usdByUser(billing: "metered" | "seat", kind: Plan["kind"]): Promise<Record<string, number>> {
    const matchers = billedAs(billing, { kind });
    const answer = await stack.reader.query(cost("1h", { source: "raw", by: ["user"], matchers }));
    return Object.fromEntries(answer.map(({ labels, value }) => [labels["user"] ?? "", value]));
  }

  it("are told apart by what clients say of their subscription, for a user with both, too", async () => {
    assert.deepEqual(await usdByUser("seat", "api"), { seat: 1, both: 4, "plan-alone": 32, "new-type": 128 });
    const metered = { silent: 2, both: 8 + 16, enterprise: 64, pretender: 256 };
    assert.deepEqual(await usdByUser("metered", "api"), metered);
  });

  it("are as the stack's plan says where clients say nothing", async () => {
    assert.deepEqual(await usdByUser("metered", "seats"), { both: 16 });
    const bySeat = {
      seat: 1,
      silent: 2,
      both: 4 + 8,
      "plan-alone": 32,
      enterprise: 64,
      "new-type": 128,
      pretender: 256,
    };
    assert.deepEqual(await usdByUser("seat", "seats"), bySeat);
  });

  it("add a label to cost alone", async () => {
    const ofTokens = await stack.reader.sumOf(metrics.tokens.prometheus, {
      window: "1h",
      by: ["claude_monitoring_billing"],
    });
    assert.deepEqual([...ofTokens], [["", 100 * spent.length]]);
  });
});

function request(): string {
  const timeMs = Date.now();
  const pointsOf = (value: (usd: number) => number, own: Attributes) =>
    spent.map(([user, usd, more], index) => ({
      attributes: { "session.id": `s-${index}`, user, model: "claude-sonnet-4-5", ...more, ...own },
      startMs: timeMs - 1000,
      timeMs,
      value: value(usd),
    }));
  const { cost: money, tokens } = metrics;
  return JSON.stringify(
    metricsRequest(
      { resource: { "service.name": serviceName }, scope: { name: "com.anthropic.claude_code", version: "2.1.332" } },
      [
        { name: money.name, description: "", unit: money.unit, points: pointsOf((usd) => usd, {}) },
        { name: tokens.name, description: "", unit: tokens.unit, points: pointsOf(() => 100, { type: "input" }) },
      ],
    ),
  );
}
