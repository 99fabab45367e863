import * as assert from "node:assert/strict";

import { metrics } from "../../telemetry/client-metrics";
import { keyValues } from "../../synthetic/otlp/request";
import { metricsExport } from "../support/otlp/otlp-payload";
import { OtlpSender } from "../support/otlp/otlp-sender";
import { PipelineStack } from "../support/collectors/pipeline-stack";

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface Body {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly { readonly sum: { readonly dataPoints: { attributes: Attribute[] }[] } }[];
    }[];
  }[];
}

/** How clients name their user, and who they should count as. */
const clients = [
  { name: "set up", attributes: { user: "ada", "user.email": "ada@example.com", "user.id": "1a" }, user: "ada" },
  { name: "signed in", attributes: { "user.email": "bo@example.com", "user.id": "2b" }, user: "bo@example.com" },
  { name: "account only", attributes: { "user.account_uuid": "9-9", "user.id": "3c" }, user: "9-9" },
  { name: "not signed in", attributes: { "user.id": "4d" }, user: "4d" },
  {
    name: "settings not filled in",
    attributes: { user: "FILL_IN", location: "FILL_IN", "user.email": "eve@example.com", "user.id": "5e" },
    user: "eve@example.com",
  },
] as const;

describe("users", function () {
  this.timeout(60_000);
  let stack: PipelineStack;

  before(async () => {
    stack = await PipelineStack.start();
    const sender = new OtlpSender(stack.otlpHttpUrl);
    for (const [index, { name, attributes }] of clients.entries()) {
      const { outcome } = await sender.send("metrics", exportOf(name, attributes, index));
      assert.equal(outcome, "accepted");
    }
    sender.close();
    await stack.drained();
  });

  after(async () => {
    await stack.stop();
  });

  it("are never without a name: set up, else e-mail address, account or installation", async () => {
    const byUser = await stack.reader.sumOf(metrics.cost.prometheus, { window: "10m", by: ["user"] });
    const expected = clients.map(({ user }, index) => [user, (index + 1) / 1e6] as const);
    assert.deepEqual(new Map([...byUser].sort()), new Map([...expected].sort()));
  });

  it("keep no value that was left to fill in", async () => {
    const byLocation = await stack.reader.sumOf(metrics.cost.prometheus, { window: "10m", by: ["location"] });
    assert.deepEqual([...byLocation.keys()], [""]);
  });
});

function exportOf(session: string, attributes: Readonly<Record<string, string>>, index: number): string {
  const amounts = { costMicroUsd: index + 1, input: 1, output: 1, cacheRead: 1, cacheCreation: 1 };
  const text = metricsExport(
    { session, team: "core", timeMs: Date.now() },
    { ...amounts, linesAdded: 1, linesRemoved: 0, commits: 1, sessions: 1 },
  );
  const body = JSON.parse(text) as Body;
  const named = new Set(["user", "user.email", "user.account_uuid", "user.id", "location"]);
  for (const { sum } of body.resourceMetrics
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics: m }) => m)) {
    for (const point of sum.dataPoints) {
      point.attributes = [...point.attributes.filter(({ key }) => !named.has(key)), ...keyValues(attributes)];
    }
  }
  return JSON.stringify(body);
}
