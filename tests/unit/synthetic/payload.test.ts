import assert from "node:assert/strict";

import { DemoExport } from "../../../synthetic/exports";
import { payload } from "../../../synthetic/payload";

const now = Date.UTC(2026, 10, 24, 14, 7, 3, 210);

describe("the demo's export", () => {
  it("has the shape of the real client's", () => {
    const one: DemoExport = {
      signal: "metrics",
      version: "2.1.330",
      resource: { user: "demo-ada" },
      temporality: "cumulative",
      points: [
        {
          metric: "cost",
          attributes: { model: "m", flag: false },
          startMs: now - 1,
          timeMs: now,
          value: 1_500_000_000,
        },
        { metric: "activeTime", attributes: {}, startMs: now - 1, timeMs: now, value: 1250 },
      ],
    };
    const sum = (dataPoint: object) => ({ aggregationTemporality: 2, isMonotonic: true, dataPoints: [dataPoint] });
    const times = { startTimeUnixNano: `${now - 1}000000`, timeUnixNano: `${now}000000` };
    const attributes = [
      { key: "model", value: { stringValue: "m" } },
      { key: "flag", value: { boolValue: false } },
    ];
    assert.deepEqual(JSON.parse(payload(one)), {
      resourceMetrics: [
        {
          resource: { attributes: [{ key: "user", value: { stringValue: "demo-ada" } }], droppedAttributesCount: 0 },
          scopeMetrics: [
            {
              scope: { name: "com.anthropic.claude_code", version: "2.1.330" },
              metrics: [
                {
                  name: "claude_code.cost.usage",
                  description: "Cost of the Claude Code session",
                  unit: "USD",
                  sum: sum({ attributes, ...times, asDouble: 1.5 }),
                },
                {
                  name: "claude_code.active_time.total",
                  description: "Total active time in seconds",
                  unit: "s",
                  sum: sum({ attributes: [], ...times, asDouble: 1.25 }),
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it("of spans has ids, times and a status", () => {
    const span = {
      name: "claude_code.tool",
      traceId: "a",
      parentSpanId: "b",
      startMs: now,
      endMs: now + 1,
      attributes: {},
    };
    const one: DemoExport = {
      signal: "traces",
      version: "2.1.330",
      resource: {},
      attributes: { user: "demo-ada" },
      spans: [
        { ...span, spanId: "c", failed: true },
        { ...span, spanId: "d", failed: false },
      ],
    };
    const written = (spanId: string, code: number) => ({
      traceId: "a",
      spanId,
      parentSpanId: "b",
      name: "claude_code.tool",
      kind: 1,
      startTimeUnixNano: `${now}000000`,
      endTimeUnixNano: `${now + 1}000000`,
      attributes: [{ key: "user", value: { stringValue: "demo-ada" } }],
      status: { code },
    });
    const { resourceSpans } = JSON.parse(payload(one)) as { resourceSpans: { scopeSpans: { spans: object[] }[] }[] };
    assert.deepEqual(resourceSpans[0]!.scopeSpans[0]!.spans, [written("c", 2), written("d", 0)]);
  });
});
