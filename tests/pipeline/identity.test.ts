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
    readonly resource: { attributes: Attribute[] };
    readonly scopeMetrics: readonly {
      readonly metrics: readonly { readonly sum: { readonly dataPoints: { attributes: Attribute[] }[] } }[];
    }[];
  }[];
}

/** How a client names its user, and who it should count as. */
interface Client {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly resource?: Readonly<Record<string, string>>;
  readonly user: string;
}

const clients: readonly Client[] = [
  { name: "set up", attributes: { user: "ada", "user.email": "ada@example.com", "user.id": "1a" }, user: "ada" },
  { name: "signed in", attributes: { "user.email": "bo@example.com", "user.id": "2b" }, user: "bo@example.com" },
  { name: "account only", attributes: { "user.account_uuid": "9-9", "user.id": "3c" }, user: "9-9" },
  { name: "not signed in", attributes: { "user.id": "4d" }, user: "4d" },
  {
    name: "settings not filled in",
    attributes: { user: "FILL_IN", location: "FILL_IN", "user.email": "eve@example.com", "user.id": "5e" },
    user: "eve@example.com",
  },
  {
    name: "name with a space, which clients leave on the resource",
    attributes: { "user.email": "ada.l@example.com", "user.id": "6f" },
    resource: { user: "Ada Lovelace", location: "New York", device: "FILL_IN", "host.name": "ada-mac" },
    user: "Ada Lovelace",
  },
];

describe("users", function () {
  this.timeout(60_000);
  let stack: PipelineStack;

  before(async () => {
    stack = await PipelineStack.start();
    const sender = new OtlpSender(stack.otlpHttpUrl);
    for (const [index, client] of clients.entries()) {
      const { outcome } = await sender.send("metrics", exportOf(client, index));
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
    assert.deepEqual([...byLocation.keys()].sort(), ["", "New York"]);
  });

  it("have what stands on the resource alone, and the machine's name as device", async () => {
    const of = async (label: string) => {
      const cost = await stack.reader.sumOf(metrics.cost.prometheus, { window: "10m", by: [label] });
      return [...cost.keys()].sort();
    };
    assert.deepEqual([await of("device"), await of("team")], [["", "ada-mac"], ["core"]]);
  });

  it("count in a job of the stack's own name, whatever the client calls itself", async () => {
    const cost = await stack.reader.sumOf(metrics.cost.prometheus, { window: "10m", by: ["job"] });
    assert.deepEqual([...cost.keys()], ["claude-code"]);
  });
});

describe("teams of those who name none", function () {
  this.timeout(60_000);
  const rules = [
    { attribute: "user.groups", value: "web", team: "web" },
    { attribute: "user.groups", value: "R&D (core)", team: "core" },
    { attribute: "identity.source", value: "okta", team: "staff" },
  ];
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    ["one of a list", { "user.groups": "everybody, web,R&D (core)" }, "web"],
    ["a list as JSON", { "user.groups": '["everybody","R&D (core)"]' }, "core"],
    ["part of a name only", { "user.groups": "web-admins,not web", "identity.source": "okta" }, "staff"],
    ["its own team", { "user.groups": "web", team: "own" }, "own"],
    ["settings not filled in", { "user.groups": "web", team: "FILL_IN" }, "web"],
    ["nothing that fits", { "user.groups": "everybody" }, ""],
  ];

  it("follow from groups and sources by rules, of which the first decides; groups are not stored", async () => {
    const stack = await PipelineStack.start({ teamRules: rules });
    const sender = new OtlpSender(stack.otlpHttpUrl);
    for (const [name, attributes] of cases) {
      const client = { name, attributes: { "user.id": name, ...attributes }, user: name };
      assert.equal((await sender.send("metrics", exportOf(client, 0, ["team"]))).outcome, "accepted");
    }
    sender.close();
    await stack.drained();
    const teams = await stack.reader.sumOf(metrics.sessions.prometheus, { window: "10m", by: ["user", "team"] });
    assert.deepEqual([...teams.keys()].sort(), cases.map(([name, , team]) => `${name}|${team}`).sort());
    const groups = await stack.reader.query('{user_groups!=""}');
    assert.deepEqual(groups, []);
    await stack.stop();
  });
});

function exportOf(client: Client, index: number, without: readonly string[] = []): string {
  const amounts = { costMicroUsd: index + 1, input: 1, output: 1, cacheRead: 1, cacheCreation: 1 };
  const text = metricsExport(
    { session: client.name, team: "core", timeMs: Date.now() },
    { ...amounts, linesAdded: 1, linesRemoved: 0, commits: 1, sessions: 1 },
  );
  const body = JSON.parse(text) as Body;
  const named = new Set(["user", "user.email", "user.account_uuid", "user.id", "location", "device", ...without]);
  const others = (attributes: readonly Attribute[]) => attributes.filter(({ key }) => !named.has(key));
  for (const { resource, scopeMetrics } of body.resourceMetrics) {
    resource.attributes = [...others(resource.attributes), ...keyValues(client.resource ?? {})];
    for (const point of scopeMetrics.flatMap((scope) => scope.metrics).flatMap(({ sum }) => sum.dataPoints)) {
      point.attributes = [...others(point.attributes), ...keyValues(client.attributes)];
    }
  }
  return JSON.stringify(body);
}
