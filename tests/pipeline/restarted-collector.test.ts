import * as assert from "node:assert/strict";

import { eventKey, keyOf, runEventLoad } from "../support/clients/event-load";
import { EventStore } from "../support/collectors/event-store";
import { PipelineStack } from "../support/collectors/pipeline-stack";
import { loopback } from "../support/loopback-ports";
import { sleep, waitUntil } from "../support/processes";

/** The order in which the collector starts its parts is another one each time. */
const restarts = 8;
const pauseMs = 1_500;
const perSecond = 100;
/** Events that the next start moves back, so that it takes some time. */
const waitingEvents = 1_500;

describe("a collector that is killed while Loki is down", function () {
  this.timeout(180_000);
  let store: EventStore;
  let stack: PipelineStack;

  before(async () => {
    store = await EventStore.start();
    stack = await PipelineStack.start({ stores: store });
  });

  after(async () => {
    await stack.stop();
    await store.remove();
  });

  it(`loses none of the events that its first stage sends while it starts, ${restarts} times`, async () => {
    const { collector } = stack;
    // As the first stage sends them. It begins before all others have started.
    const url = `http://${loopback}:${collector.ports.collectorAccepted}`;
    await store.pause();
    const waiting = await runEventLoad({ url, exports: waitingEvents, perSecond: 500, team: "waiting" });
    const exports = (perSecond * restarts * pauseMs) / 1000;
    const load = runEventLoad({ url, exports, perSecond, team: "starting" });
    for (let restart = 0; restart < restarts; restart++) {
      await sleep(pauseMs);
      await collector.kill();
      await collector.start();
    }
    const accepted = [...waiting, ...(await load)].filter(({ outcome }) => outcome === "accepted");
    assert.ok(accepted.length > (waitingEvents + exports) * 0.95, `${accepted.length} accepted`);
    await store.resume();
    const missing = () => {
      const stored = new Set(store.events().map(({ attributes }) => eventKey(attributes)));
      return accepted.filter((each) => !stored.has(keyOf(each))).length;
    };
    await waitUntil("all accepted events are stored", () => {
      const left = missing();
      if (left > 0) {
        throw new Error(`${left} of ${accepted.length} are not`);
      }
      return true;
    });
  });
});
