import assert from "node:assert/strict";

import { collectorConfig } from "../../../components/collector/config";
import type { LabelValues } from "../../../components/collector/labels";
import { eventAttributes, pointAttributes, spanAttributes } from "../../../telemetry/attributes";
import { contentKinds, type ContentKindName } from "../../../telemetry/content-kinds";

interface Queue {
  readonly queue_size: number;
  readonly batch?: { readonly max_size: number };
}

interface Config {
  readonly receivers: Record<string, { readonly protocols: Record<"grpc" | "http", Record<string, unknown>> }>;
  readonly processors: Record<string, unknown>;
  readonly exporters: Record<string, { readonly sending_queue: Queue }>;
  readonly service: { readonly pipelines: Record<string, { readonly processors: readonly string[] }> };
}

function config(contents: readonly ContentKindName[] = [], labelValues: LabelValues = {}): Config {
  return collectorConfig({
    prometheusWriteUrl: "http://prometheus:9090/api/v1/write",
    queueDirectory: "/queue",
    queueBytes: 2 ** 30,
    clockAheadTolerance: "5m",
    clockBehindTolerance: "6h",
    privacy: { contents, identity: "keep", attributeLength: 100, resourceAttributes: [] },
    labelValues,
  }) as unknown as Config;
}

describe("the collector, against hostile input,", () => {
  it("waits neither for headers, nor for a body, nor for a next request, without end", () => {
    const { grpc, http } = config().receivers["otlp"]!.protocols;
    for (const name of ["read_header_timeout", "read_timeout", "idle_timeout"]) {
      assert.match(String(http[name]), /^\d+[sm]$/, name);
    }
    const { server_parameters } = grpc["keepalive"] as { server_parameters: Record<string, string> };
    assert.ok(server_parameters["max_connection_idle"]);
    assert.ok(server_parameters["max_connection_age"], "also ends what sends half a message");
    assert.ok(grpc["max_concurrent_streams"]);
  });

  it("reads a mebibyte at most, and four where whole bodies are kept", () => {
    for (const [contents, mebibytes] of [
      [[], 1],
      [["rawBodies"], 4],
    ] as const) {
      const { grpc, http } = config(contents).receivers["otlp"]!.protocols;
      assert.equal(http["max_request_body_size"], mebibytes * 2 ** 20);
      assert.equal(grpc["max_recv_msg_size_mib"], mebibytes);
    }
  });

  it("makes nothing large of little: no compression but gzip", () => {
    assert.deepEqual(config().receivers["otlp"]!.protocols.http["compression_algorithms"], ["", "gzip"]);
  });

  it("drops amounts that nobody has, before they reach a sum", () => {
    const { processors } = config().service.pipelines["metrics"]!;
    assert.ok(processors.indexOf("filter/impossible-points") > processors.indexOf("cumulativetodelta"));
    const text = JSON.stringify(config().processors["filter/impossible-points"]);
    // Written so that it holds for what is no number too.
    assert.match(text, /not \(datapoint.value_double >= 0.0 and datapoint.value_double <= 10000.0\)/);
  });

  it("keeps plain attributes alone, of whatever it lets through", () => {
    for (const [processor, contexts] of [
      ["transform/points", ["resource", "datapoint"]],
      ["transform/events", ["resource", "log"]],
      ["transform/spans", ["resource", "span", "spanevent"]],
    ] as const) {
      const text = JSON.stringify(config().processors[processor]);
      for (const context of contexts) {
        const statements = text.slice(text.indexOf(`"flatten(${context}.attributes, depth=3)"`));
        assert.ok(statements.startsWith('"flatten'), `${processor}: ${context}`);
        assert.ok(statements.includes(`keep_keys(${context}.attributes`), "what was flattened has unknown names");
        assert.ok(statements.includes(`replace_all_patterns(${context}.attributes, \\"value\\", `), "valid text");
      }
    }
  });

  it("knows no attribute whose name is another's and three parts more", () => {
    const names = [
      ...pointAttributes,
      ...eventAttributes,
      ...spanAttributes,
      ...Object.values(contentKinds).flatMap((kind) => [...kind.eventAttributes, ...kind.spanAttributes]),
    ];
    const deep = names.filter((name) =>
      names.some((other) => name.startsWith(`${other}.`) && name.slice(other.length).split(".").length > 3),
    );
    assert.deepEqual(deep, []);
  });

  it("calls whatever sends by the stack's own name, which no stream and no job can differ in", () => {
    for (const processor of ["transform/points", "transform/events", "transform/spans"]) {
      const text = JSON.stringify(config().processors[processor]);
      assert.ok(text.includes('"set(resource.attributes[\\"service.name\\"], \\"claude-code\\")"'), processor);
    }
  });

  it("counts a label's spellings as one", () => {
    for (const processor of ["transform/countable-events", "transform/countable-spans"]) {
      const text = JSON.stringify(config().processors[processor]);
      for (const name of ["team", "claude_monitoring.demo"]) {
        const value = `attributes[\\"${name}\\"]`;
        assert.ok(text.includes(`${value}, String(`), `${processor}: ${name}`);
        assert.ok(text.includes(`\\"${name}\\") where`), `${processor}: an empty ${name} is none`);
      }
    }
  });

  it("folds teams that are not configured in points, events and spans alike, where they are", () => {
    const folded = (processor: string, context: string, labelValues: LabelValues) =>
      JSON.stringify(config([], labelValues).processors[processor]).includes(
        `set(${context}.attributes[\\"team\\"], \\"other\\")`,
      );
    for (const [processor, context] of [
      ["transform/points", "datapoint"],
      ["transform/countable-events", "log"],
      ["transform/countable-spans", "span"],
    ] as const) {
      assert.equal(folded(processor, context, { team: ["core"] }), true, processor);
      assert.equal(folded(processor, context, {}), false, processor);
    }
  });

  it("counts what came in an interval by few megabytes at a time", () => {
    const { queue_size: bytes, batch } = config().exporters["otlp_http/merged"]!.sending_queue;
    assert.deepEqual([bytes, batch?.max_size], [32 * 2 ** 20, 4096]);
  });
});
