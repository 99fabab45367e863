import { events, spans } from "../telemetry/events";
import type { Attributes } from "./otlp/request";
import { secondMs } from "../units";
import type { MetricKey, Recording } from "./client-metrics";
import type { Moments } from "./moments";
import { costNanoUsd } from "./prices";
import type { Random } from "./random";
import type { Recorded } from "./recorded";
import type { ClientProcess, Interval, Span } from "./schedule";
import { type CompactionStep, countSteps, type RequestStep, type Step, type ToolStep } from "./steps";

/** A place in a trace, and the prompt that it belongs to. */
interface Place {
  readonly traceId: string;
  readonly spanId: string;
  readonly promptId: string;
}

/** Room at the end of an interval: an event may be moved by it, and is still older than the export. */
const marginMs = 2 * secondMs;

/** Lays steps out in time, and reports each on all three signals. */
export class Recorder {
  private recorded: Recorded = { recordings: [], events: [], spans: [] };
  private sequence = 0;
  private interactions = 0;

  constructor(
    private readonly process: ClientProcess,
    private readonly random: Random,
    private readonly moments: Moments,
  ) {}

  /** Returns what one interval reports; the first one begins with the session's start. */
  interval(interval: Interval, first: boolean, steps: readonly Step[]): Recorded {
    this.recorded = { recordings: [], events: [], spans: [] };
    if (first) {
      this.sessionStart(interval.fromMs);
    }
    if (steps.length > 0) {
      this.interaction(interval, steps);
      this.activeTime(interval);
    }
    return this.recorded;
  }

  private sessionStart(startMs: number): void {
    const { process, random } = this;
    // The client gives the session count of --continue a session id that it uses for nothing else.
    const throwAway: Recording["attributes"] = process.startType === "continue" ? { "session.id": random.uuid() } : {};
    const attributes = { ...throwAway, start_type: process.startType };
    this.count("sessions", attributes, 1, startMs + random.integer(100, 400));
    if (!process.oneShot && random.chance(0.5)) {
      this.event(events.mcpServerConnection, startMs + 450, undefined, {
        status: random.chance(0.9) ? "connected" : "failed",
        transport_type: random.pick(["stdio", "http"]),
        server_scope: random.pick(["user", "project"]),
        duration_ms: String(random.integer(80, 2500)),
        is_plugin: false,
      });
    }
  }

  /** One prompt and all that it leads to: a trace. */
  private interaction({ fromMs, toMs }: Interval, steps: readonly Step[]): void {
    const { random } = this;
    const place = { traceId: random.hex(32), spanId: random.hex(16), promptId: random.uuid() };
    const startMs = fromMs + 500;
    const length = random.integer(8, 600);
    this.event(events.userPrompt, startMs, place, { prompt_length: String(length) });
    const slotMs = Math.floor((toMs - marginMs - startMs) / (countSteps(steps) + 1));
    const endMs = this.steps(steps, startMs + slotMs, slotMs, place);
    this.span(spans.interaction, place, undefined, { fromMs: startMs, toMs: endMs }, false, {
      user_prompt_length: length,
      "interaction.sequence": ++this.interactions,
      "interaction.duration_ms": endMs - startMs,
    });
  }

  /** Returns the end of the last step. */
  private steps(steps: readonly Step[], startMs: number, slotMs: number, parent: Place): number {
    let at = startMs;
    for (const step of steps) {
      switch (step.kind) {
        case "request":
          this.request(step, at, slotMs, parent);
          at += slotMs;
          break;
        case "compaction":
          this.compaction(step, at, slotMs, parent);
          at += slotMs;
          break;
        case "tool":
          at = this.tool(step, at, slotMs, parent);
      }
    }
    return at;
  }

  private request(step: RequestStep, startMs: number, slotMs: number, parent: Place): void {
    const { random } = this;
    const { model, source, querySource, usage, outcome } = step;
    const duration = Math.min(Math.floor(0.9 * slotMs), random.integer(400, 1800) + usage.output * 12);
    const firstToken = Math.floor(duration * (0.1 + 0.3 * random.next()));
    const own = { request_id: `req_${random.hex(12)}`, duration_ms: duration, ...step.attributes };
    const common = { model, query_source: querySource, speed: "normal", ...own };
    const place = this.inside(parent);
    const answered = typeof outcome !== "number";
    const tokens = {
      input_tokens: usage.input,
      output_tokens: usage.output,
      cache_read_tokens: usage.cacheRead,
      cache_creation_tokens: usage.cacheCreation,
    };
    const endMs = answered
      ? this.answer(step, startMs + duration, place, { ...common, ...tokens, ttft_ms: firstToken })
      : this.failure(outcome, startMs + duration, place, common);
    if (outcome === "refused") {
      this.event(events.apiRefusal, endMs + 1, place, { ...common, attempt: 1, has_category: false });
    }
    this.span(spans.llmRequest, place, parent, { fromMs: startMs, toMs: endMs }, !answered, {
      ...own,
      model,
      query_source_safe: querySource,
      "llm_request.context": source === "main" ? "interaction" : source,
      success: answered,
      ...(answered ? { ...tokens, ttft_ms: firstToken, attempt: 1 } : { status_code: outcome, attempt: 11 }),
    });
  }

  /** Returns the time of the answer, which metrics and the event share. */
  private answer(
    { model, source, attributes, usage }: RequestStep,
    atMs: number,
    place: Place,
    own: Attributes,
  ): number {
    const nanoUsd = costNanoUsd(model, usage);
    const timeMs = this.event(events.apiRequest, atMs, place, { ...own, cost_usd: nanoUsd / 1e9 });
    const counted = { model, query_source: source, ...attributes };
    this.count("cost", counted, nanoUsd, timeMs);
    for (const type of ["input", "output", "cacheRead", "cacheCreation"] as const) {
      this.count("tokens", { ...counted, type }, usage[type], timeMs);
    }
    const skill = attributes["skill.name"];
    if (skill !== undefined) {
      const activation = { "skill.name": skill, invocation_trigger: "model", "skill.source": "user" };
      this.event(events.skillActivated, atMs + 1, place, activation);
    }
    return timeMs;
  }

  private failure(status: number, atMs: number, place: Place, own: Attributes): number {
    const timeMs = this.event(events.apiError, atMs, place, { ...own, status_code: status, attempt: 11 });
    const total = { total_attempts: 11, total_retry_duration_ms: this.random.integer(90_000, 180_000) };
    this.event(events.apiRetriesExhausted, timeMs + 1, place, { ...own, status_code: status, ...total });
    return timeMs;
  }

  private compaction(step: CompactionStep, startMs: number, slotMs: number, parent: Place): void {
    this.request(step.request, startMs, slotMs, parent);
    this.event(events.compaction, startMs + slotMs, parent, {
      trigger: this.random.chance(0.85) ? "auto" : "manual",
      success: "true",
      duration_ms: String(slotMs),
      pre_tokens: String(step.tokensBefore),
      post_tokens: String(step.tokensAfter),
    });
  }

  /** Returns the end of the call. */
  private tool(step: ToolStep, startMs: number, slotMs: number, parent: Place): number {
    const { random } = this;
    const { decision, source } = step.decision;
    const place = this.inside(parent);
    const execution = this.inside(place);
    const asked = source.startsWith("user_");
    const waitMs = asked ? Math.floor(slotMs * (0.1 + 0.5 * random.next())) : random.integer(2, 30);
    const call = { tool_name: step.tool, tool_use_id: `toolu_${random.hex(12)}` };
    const decidedMs = this.event(events.toolDecision, startMs + waitMs, place, { ...call, decision, source });
    this.span(spans.toolBlockedOnUser, this.inside(place), place, { fromMs: startMs, toMs: decidedMs }, false, {
      duration_ms: decidedMs - startMs,
      decision,
      source,
    });
    if (source === "hook") {
      this.hook(decidedMs + 1, place, decision === "accept");
    }
    if (step.edit !== undefined) {
      const { language } = step.edit;
      this.count("editDecisions", { decision, source, tool_name: step.tool, language }, 1, decidedMs);
    }
    let endMs = decidedMs;
    if (decision === "accept") {
      const inner = this.steps(step.subagent?.steps ?? [], startMs + slotMs, slotMs, execution);
      const doneMs = step.subagent === undefined ? decidedMs + random.integer(5, Math.floor(slotMs * 0.35) + 6) : inner;
      endMs = this.result(step, call, { fromMs: decidedMs, toMs: doneMs }, place, execution);
    }
    this.span(spans.tool, place, parent, { fromMs: startMs, toMs: endMs }, false, {
      tool_name_safe: step.tool,
      tool_use_id: call.tool_use_id,
      duration_ms: endMs - startMs,
    });
    return Math.max(endMs, startMs + slotMs);
  }

  private result(step: ToolStep, call: Attributes, { fromMs, toMs }: Span, place: Place, execution: Place): number {
    const { success, subagent } = step;
    if (subagent !== undefined) {
      this.event(events.subagentCompleted, toMs - 2, execution, {
        agent_type: subagent.type,
        is_built_in: subagent.type !== "custom",
        is_async: false,
        total_tool_uses: subagent.steps.filter(({ kind }) => kind === "tool").length,
        duration_ms: toMs - fromMs,
        model: subagent.model,
      });
    }
    const timeMs = this.event(events.toolResult, toMs, place, {
      ...call,
      success: String(success),
      duration_ms: String(toMs - fromMs),
      tool_result_size_bytes: String(step.resultBytes),
    });
    this.span(spans.toolExecution, execution, place, { fromMs, toMs: timeMs }, !success, {
      duration_ms: timeMs - fromMs,
      success,
    });
    if (success) {
      this.changes(step, timeMs);
    }
    return timeMs;
  }

  /** Lines, commits and pull requests of a tool that succeeded. */
  private changes({ edit, commit }: ToolStep, timeMs: number): void {
    const { model } = this.process;
    if (edit !== undefined) {
      this.count("lines", { type: "added", model }, edit.added, timeMs);
      this.count("lines", { type: "removed", model }, edit.removed, timeMs);
    }
    if (commit !== undefined) {
      this.count("commits", {}, 1, timeMs);
    }
    if (commit?.pullRequest === true) {
      this.count("pullRequests", {}, 1, timeMs);
    }
  }

  private hook(timeMs: number, place: Place, passed: boolean): void {
    this.event(events.hookExecutionComplete, timeMs, place, {
      hook_event: "PreToolUse",
      num_hooks: "1",
      num_success: passed ? "1" : "0",
      num_blocking: passed ? "0" : "1",
      num_non_blocking_error: "0",
      num_cancelled: "0",
      total_duration_ms: String(this.random.integer(20, 400)),
    });
  }

  private activeTime({ fromMs, toMs }: Interval): void {
    const { random, process } = this;
    this.count("activeTime", { type: "cli" }, random.integer(5000, toMs - fromMs - 1000), toMs - 50);
    if (!process.oneShot && random.chance(0.7)) {
      this.count("activeTime", { type: "user" }, random.integer(1500, 20_000), toMs - 50);
    }
  }

  private count(metric: MetricKey, attributes: Recording["attributes"], units: number, timeMs: number): void {
    this.recorded.recordings.push({ metric, attributes, units, timeMs });
  }

  /** Returns the event's time, which is no other event's. */
  private event(name: string, atMs: number, place: Place | undefined, attributes: Attributes): number {
    const timeMs = this.moments.take(atMs);
    const prompt: Attributes = place === undefined ? {} : { "prompt.id": place.promptId };
    const numbered = { "event.sequence": this.sequence++, ...prompt, ...attributes };
    this.recorded.events.push({ name, timeMs, attributes: numbered });
    return timeMs;
  }

  private inside(place: Place): Place {
    return { ...place, spanId: this.random.hex(16) };
  }

  private span(
    name: string,
    { traceId, spanId }: Place,
    parent: Place | undefined,
    { fromMs, toMs }: Span,
    failed: boolean,
    attributes: Attributes,
  ): void {
    const own = { "span.type": name.replace("claude_code.", ""), ...attributes };
    const place = { name, traceId, spanId, parentSpanId: parent?.spanId };
    this.recorded.spans.push({ ...place, startMs: fromMs, endMs: toMs, failed, attributes: own });
  }
}
