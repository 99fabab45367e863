import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { pseudonym } from "../../cli/pseudonym";
import type { PrivacyArgs } from "../../components/collector/privacy";
import { metrics } from "../../telemetry/client-metrics";
import { contentKindNames } from "../../telemetry/content-kinds";
import { testPseudonymKey } from "../support/collectors/collector-process";
import { EventStore } from "../support/collectors/event-store";
import { type Everything, identity, oneOfEverything } from "../support/otlp/one-of-everything";
import { OtlpSender } from "../support/otlp/otlp-sender";
import { PipelineStack } from "../support/collectors/pipeline-stack";

/** What is found where, after one of everything was sent. */
interface Found {
  readonly everything: Everything;
  /** Everything that Loki, Tempo and Prometheus were given, the collector's queue on disk, and all logs. */
  readonly places: Readonly<Record<"events and spans" | "series" | "queue" | "logs", string>>;
  readonly users: readonly string[];
}

describe("one of everything that a client could send", function () {
  this.timeout(120_000);

  it("leaves nothing behind that is not on a list: not in a store, not in the queue, not in a log", async () => {
    const { everything, places } = await sendEverything({});
    assert.ok(everything.forbidden.length > 40, `${everything.forbidden.length} places`);
    const secrets = [...everything.forbidden, ...Object.values(everything.contents).flat()];
    assert.deepEqual(foundIn(places, secrets), []);
    for (const [place, text] of Object.entries(places).filter(([name]) => name !== "logs")) {
      assert.ok(text.includes("everything"), `the export is not in the ${place}: nothing was searched`);
    }
  });

  for (const kind of contentKindNames) {
    it(`lets through ${kind} by that switch, and nothing else`, async () => {
      const { everything, places } = await sendEverything({ contents: [kind] });
      const others = contentKindNames.filter((name) => name !== kind).flatMap((name) => everything.contents[name]);
      const shared = new Set(everything.contents[kind]);
      const secrets = [...everything.forbidden, ...others].filter((secret) => !shared.has(secret));
      assert.deepEqual(foundIn(places, secrets), []);
      const kept = everything.contents[kind].filter((secret) => places["events and spans"].includes(secret));
      assert.deepEqual(kept, everything.contents[kind]);
      assert.ok(!places.logs.includes("SECRET"));
    });
  }

  it("keeps who it was, where identities are kept", async () => {
    const { places, users } = await sendEverything({ identity: "keep" });
    assert.deepEqual(users, [identity.email]);
    assert.ok(places["events and spans"].includes(identity.host) && places.series.includes(identity.host));
    assert.ok(places["events and spans"].includes(identity.accountUuid));
  });

  it("tells nobody's name, where identities are dropped", async () => {
    const { places, users } = await sendEverything({ identity: "drop" });
    assert.deepEqual(users, ["1".repeat(64)]);
    assert.deepEqual(foundIn(places, Object.values(identity)), []);
  });

  it("stores the pseudonym that the command gives, where identities are replaced", async () => {
    const { places, users } = await sendEverything({ identity: "pseudonym" });
    const expected = pseudonym(testPseudonymKey, identity.email);
    assert.notEqual(expected, pseudonym("another key", identity.email));
    assert.deepEqual(users, [expected]);
    assert.ok(places["events and spans"].includes(expected));
    assert.deepEqual(foundIn(places, Object.values(identity)), []);
  });

  it("cuts what is too long", async () => {
    const store = await EventStore.start();
    const stack = await PipelineStack.start({ stores: store, privacy: { contents: ["prompts"], attributeLength: 64 } });
    const sender = new OtlpSender(stack.otlpHttpUrl);
    const everything = oneOfEverything(Date.now());
    const long = everything.logs.replace("SECRET.event-prompt.END", `SECRET.event-prompt.${"x".repeat(100_000)}.END`);
    assert.equal((await sender.post("logs", long)).status, 200);
    await stack.drained();
    sender.close();
    await stack.stop();
    const lengths = store.events().flatMap(({ attributes }) => Object.values(attributes).map((v) => String(v).length));
    await store.remove();
    assert.equal(Math.max(...lengths), 64);
  });
});

async function sendEverything(privacy: Partial<PrivacyArgs>): Promise<Found> {
  const store = await EventStore.start();
  const stack = await PipelineStack.start({ stores: store, privacy });
  const sender = new OtlpSender(stack.otlpHttpUrl);
  try {
    const everything = oneOfEverything(Date.now());
    // With nothing to send to, all of it stays in the queue.
    await store.pause();
    await stack.prometheus.stop();
    for (const signal of ["logs", "traces", "metrics"] as const) {
      assert.deepEqual(await sender.send(signal, everything[signal]), { outcome: "accepted", statuses: [200] });
    }
    const queue = textOf(path.join(stack.directory, `${stack.collector.name}-queue`));
    await store.resume();
    await stack.prometheus.start();
    await stack.drained();
    const selector = encodeURIComponent('{__name__=~"claude_code.*|target_info"}');
    const series = await fetch(`${stack.reader.url}/api/v1/series?match[]=${selector}`);
    const metadata = await fetch(`${stack.reader.url}/api/v1/metadata`);
    const users = await stack.reader.sumOf(metrics.cost.prometheus, { window: "1h", by: ["user"] });
    return {
      everything,
      users: [...users.keys()],
      places: {
        "events and spans": store.text(),
        series: (await series.text()) + (await metadata.text()),
        queue,
        logs: [store.directory, stack.directory].flatMap((folder) => logsIn(folder)).join("\n"),
      },
    };
  } finally {
    sender.close();
    await stack.stop();
    await store.remove();
  }
}

function foundIn(places: Found["places"], secrets: readonly string[]): string[] {
  return Object.entries(places).flatMap(([place, text]) =>
    secrets
      .filter((secret) => text.toLowerCase().includes(secret.toLowerCase()))
      .map((secret) => `${secret} in ${place}`),
  );
}

/** The queue's files as they are: protobuf holds texts as they are. */
function textOf(directory: string): string {
  return fs
    .readdirSync(directory)
    .map((file) => fs.readFileSync(path.join(directory, file), "latin1"))
    .join("\n");
}

function logsIn(directory: string): string[] {
  return fs
    .readdirSync(directory)
    .filter((file) => file.endsWith(".log"))
    .map((file) => fs.readFileSync(path.join(directory, file), "utf8"));
}
