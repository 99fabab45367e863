import assert from "node:assert/strict";

import { demo } from "../../../synthetic/demo";
import { dayMs, minuteMs } from "../../../units";
import { eventsOf, metricsOf, ofMetric, spansOf } from "./demo-points";

const now = Date.UTC(2026, 10, 24, 14, 7, 3, 210);

describe("the demo's events and spans", () => {
  const day = demo({ seed: 1, now, days: 1 });

  it("has the same cost and tokens in its events, user by user", () => {
    const byEvents: Record<string, Record<string, number>> = {};
    for (const { attributes, events } of eventsOf(day.processes.flat())) {
      const own = (byEvents[String(attributes["user"])] ??= {});
      for (const event of events.filter(({ name }) => name === "api_request")) {
        const number = (name: string) => Number(event.attributes[name]);
        const amounts = {
          cost: Math.round(number("cost_usd") * 1e9),
          "tokens|input": number("input_tokens"),
          "tokens|output": number("output_tokens"),
          "tokens|cacheRead": number("cache_read_tokens"),
          "tokens|cacheCreation": number("cache_creation_tokens"),
        };
        for (const [name, amount] of Object.entries(amounts)) {
          own[name] = (own[name] ?? 0) + amount;
        }
      }
    }
    const byMetrics = [...day.ledger].map(([user, amounts]) => {
      const both = Object.entries(amounts).filter(([name]) => name === "cost" || name.startsWith("tokens|"));
      return [user, Object.fromEntries(both)] as const;
    });
    assert.deepEqual(byEvents, Object.fromEntries(byMetrics));
  });

  it("has users with a seat, with metered use, and with both; other clients do not say", () => {
    const points = ofMetric(
      metricsOf(day.processes.flat()).flatMap((one) => one.points),
      "cost",
    );
    const usersOf = (...types: readonly (string | undefined)[]) =>
      new Set(
        points.flatMap(({ attributes: own }) =>
          types.includes(own["anthropic.seat_type"] as string | undefined) ? [String(own["user"])] : [],
        ),
      );
    const [bySeat, byUse, unsaid] = [usersOf("premium", "standard"), usersOf("usage_based"), usersOf(undefined)];
    assert.ok(bySeat.size > 5 && byUse.size > 1 && unsaid.size > 15, `${bySeat.size}, ${byUse.size}, ${unsaid.size}`);
    assert.ok([...bySeat].filter((user) => unsaid.has(user)).length > 2);
    for (const { attributes: own } of points) {
      assert.equal(own["anthropic.plan"], own["anthropic.seat_type"] === undefined ? undefined : "enterprise");
      assert.ok(own["anthropic.plan"] === undefined || ["2.1.330", "2.1.332"].includes(String(own["app.version"])));
    }
  });

  it("has events of every kind that dashboards count, none at another's time, in the order of their numbers", () => {
    const all = eventsOf(day.processes.flat()).flatMap(({ events }) => events);
    assert.equal(new Set(all.map(({ timeMs }) => timeMs)).size, all.length);
    assert.deepEqual([...new Set(all.map(({ name }) => name))].sort(), [
      "api_error",
      "api_refusal",
      "api_request",
      "api_retries_exhausted",
      "compaction",
      "hook_execution_complete",
      "mcp_server_connection",
      "skill_activated",
      "subagent_completed",
      "tool_decision",
      "tool_result",
      "user_prompt",
    ]);
    for (const own of day.processes.map(eventsOf)) {
      const numbers = own.flatMap(({ events }) => events.map(({ attributes }) => attributes["event.sequence"]));
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => index),
      );
    }
  });

  it("has a trace for each prompt: one root, and every other span within its parent", () => {
    const spans = spansOf(day.processes.flat()).flatMap((one) => one.spans);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    assert.equal(byId.size, spans.length);
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    const prompts = eventsOf(day.processes.flat()).flatMap(({ events }) =>
      events.filter(({ name }) => name === "user_prompt"),
    );
    assert.equal(roots.length, prompts.length);
    for (const span of spans) {
      const parent = span.parentSpanId === undefined ? span : byId.get(span.parentSpanId)!;
      assert.equal(parent.traceId, span.traceId);
      assert.ok(span.startMs <= span.endMs && parent.startMs <= span.startMs, `${span.name} in ${parent.name}`);
    }
  });

  it("of several days has a quiet weekend, ten minutes between older exports, and spans of the last day only", () => {
    // Saturday, Sunday and Monday.
    const monday = Date.UTC(2026, 10, 23, 23, 30);
    const days = demo({ seed: 1, now: monday, days: 3 });
    const usd = [0, 0, 0];
    const sent = metricsOf(days.processes.flat());
    for (const { timeMs, value } of ofMetric(
      sent.flatMap(({ points: own }) => own),
      "cost",
    )) {
      usd[Math.floor((monday - Math.min(timeMs, monday)) / dayMs)]! += value / 1e9;
    }
    assert.ok(usd[1]! > 0 && usd[2]! > 0 && usd[0]! > 3 * Math.max(usd[1]!, usd[2]!), usd.join(", "));
    const older = sent.filter(({ points: own }) => own[0]!.timeMs < monday - dayMs);
    const deltas = older.filter(({ temporality }) => temporality === "delta");
    const longest = Math.max(
      ...deltas.flatMap(({ points: own }) => own.map(({ startMs, timeMs }) => timeMs - startMs)),
    );
    assert.ok(longest > 5 * minuteMs && longest <= 10 * minuteMs + 1000, `${longest} ms`);
    const spanTimes = spansOf(days.processes.flat()).flatMap(({ spans }) => spans.map(({ startMs }) => startMs));
    assert.ok(Math.min(...spanTimes) > monday - dayMs);
  });
});
