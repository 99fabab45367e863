import { EventStore } from "../support/collectors/event-store";
import { PipelineStack, type PipelineStackOptions } from "../support/collectors/pipeline-stack";

/** A stack with queues that a benchmark does not fill, and a stand-in that stores its events and spans. */
export interface StoredStack {
  readonly stack: PipelineStack;
  readonly store: EventStore;
  /** Ends both, and removes their files. */
  readonly stop: () => Promise<void>;
}

/** Starts both. Counts are added up for as long as in a stack, unless the options say otherwise. */
export async function startStoredStack(options: PipelineStackOptions = {}): Promise<StoredStack> {
  const store = await EventStore.start();
  const stack = await PipelineStack.start({
    stores: store,
    queueBytes: 512 * 2 ** 20,
    countInterval: "15s",
    ...options,
  });
  return {
    stack,
    store,
    stop: async () => {
      await stack.stop();
      await store.remove();
    },
  };
}
