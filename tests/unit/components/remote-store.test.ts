import assert from "node:assert/strict";

import { remoteExporter, remoteWrite, type RemoteStore } from "../../../components/prometheus/remote-store";

const store: RemoteStore = {
  otlpUrl: "https://store.example.com:4318/otlp",
  writeUrl: "https://store.example.com/api/v1/push",
  auth: { kind: "none" },
};

describe("what a distributed store is sent", () => {
  it("leaves Prometheus within a second, and waits ten at most after a refusal", () => {
    const { remote_timeout, queue_config } = remoteWrite(store, "/secrets") as Readonly<Record<string, unknown>>;
    assert.equal(remote_timeout, "30s");
    assert.deepEqual(queue_config, { batch_send_deadline: "1s", max_backoff: "10s", retry_on_http_429: true });
  });

  it("leaves the collector compressed, from the queue before it: none is kept here, and nothing is tried again", () => {
    assert.deepEqual(remoteExporter(store), {
      metrics_endpoint: store.otlpUrl,
      compression: "gzip",
      timeout: "30s",
      sending_queue: { enabled: false },
      retry_on_failure: { enabled: false },
    });
  });
});
