import assert from "node:assert/strict";

import { encode } from "../../../synthetic/otlp/protobuf";
import { gaugesRequest, logsRequest, metricsRequest } from "../../../synthetic/otlp/request";

const origin = { resource: { "service.name": "test" }, scope: { name: "scope", version: "1" } };

describe("OTLP's messages", () => {
  it("hold sums of either temporality, with the times of their points", () => {
    const point = { attributes: {}, startMs: 1000, timeMs: 2000.4, value: 1.5 };
    const points = [{ attributes: [], startTimeUnixNano: "1000000000", timeUnixNano: "2000000000", asDouble: 1.5 }];
    const sum = { aggregationTemporality: 1, isMonotonic: true, dataPoints: points };
    const sums = [
      { name: "new", points: [point] },
      { name: "all", unit: "s", description: "so far", temporality: "cumulative", points: [point] },
    ] as const;
    assert.deepEqual(JSON.parse(JSON.stringify(metricsRequest({ scope: origin.scope }, sums))), {
      resourceMetrics: [
        {
          resource: { attributes: [], droppedAttributesCount: 0 },
          scopeMetrics: [
            {
              scope: origin.scope,
              metrics: [
                { name: "new", sum },
                { name: "all", unit: "s", description: "so far", sum: { ...sum, aggregationTemporality: 2 } },
              ],
            },
          ],
        },
      ],
    });
  });

  it("hold gauges, which have no begin", () => {
    const gauges = [{ name: "seats", unit: "1", points: [{ attributes: {}, timeMs: 2000, value: 3 }] }];
    const [{ scopeMetrics }] = (
      JSON.parse(JSON.stringify(gaugesRequest(origin, gauges))) as { resourceMetrics: [{ scopeMetrics: unknown }] }
    ).resourceMetrics;
    const dataPoints = [{ attributes: [], timeUnixNano: "2000000000", asDouble: 3 }];
    assert.deepEqual(scopeMetrics, [
      { scope: origin.scope, metrics: [{ name: "seats", unit: "1", gauge: { dataPoints } }] },
    ]);
  });

  it("hold events, with attributes of every type", () => {
    const attributes = { text: "a", whole: 3, part: 0.25, flag: false };
    assert.deepEqual(logsRequest(origin, [{ timeMs: 1, body: "line", attributes }]), {
      resourceLogs: [
        {
          resource: {
            attributes: [{ key: "service.name", value: { stringValue: "test" } }],
            droppedAttributesCount: 0,
          },
          scopeLogs: [
            {
              scope: origin.scope,
              logRecords: [
                {
                  timeUnixNano: "1000000",
                  body: { stringValue: "line" },
                  attributes: [
                    { key: "text", value: { stringValue: "a" } },
                    { key: "whole", value: { intValue: 3 } },
                    { key: "part", value: { doubleValue: 0.25 } },
                    { key: "flag", value: { boolValue: false } },
                  ],
                },
              ],
            },
          ],
        },
      ],
    });
  });
});

describe("OTLP's messages in protobuf", () => {
  const encoded = (message: string, value: object) => encode(message, value).toString("hex");

  // Bytes by hand, from the description of protobuf's encoding: a field begins with its number times 8 plus the wire type.
  it("have every type of field", () => {
    assert.equal(encoded("Scope", { name: "ab", version: undefined }), "0a026162");
    assert.equal(encoded("Sum", { aggregationTemporality: 2, isMonotonic: true }), "10021801");
    assert.equal(encoded("Status", { code: 300 }), "18ac02");
    assert.equal(
      encoded("NumberDataPoint", { timeUnixNano: "258", asDouble: 1 }),
      "190201000000000000" + "21000000000000f03f",
    );
    assert.equal(encoded("LogRecord", { flags: 1, traceId: "0aff" }), "4501000000" + "4a020aff");
    assert.equal(encoded("AnyValue", { bytesValue: "/w==" }), "3a01ff");
    assert.equal(
      encoded("Resource", { attributes: [{ key: "k", value: { intValue: 1 } }] }),
      "0a07" + "0a016b" + "12021801",
    );
  });

  it("are empty for an export that holds nothing", () => {
    assert.equal(encoded("metrics", { resourceMetrics: [] }), "");
  });

  it("leave out an empty list that the schema lacks, and refuse any other field that it lacks", () => {
    assert.equal(encoded("Span", { links: [] }), "");
    assert.throws(() => encode("Span", { links: [{}] }), /^Error: Span has no field links here$/);
    assert.throws(() => encode("Unknown", { a: 1 }), /^Error: Unknown has no field a here$/);
  });
});
