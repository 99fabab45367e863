import { Attributes, MetricKey, Recording } from "./client-metrics";
import { costNanoUsd, Model, models, Usage } from "./prices";
import { Random } from "./random";
import { ClientProcess, Interval } from "./schedule";

/** Tokens at which the client compacts a conversation. */
const compactionAt = 150_000;

interface Decision {
  readonly decision: "accept" | "reject";
  readonly source: "config" | "hook" | "user_permanent" | "user_temporary" | "user_reject";
}

const decisions: readonly (readonly [Decision, number])[] = [
  [{ decision: "accept", source: "config" }, 0.5],
  [{ decision: "accept", source: "user_temporary" }, 0.2],
  [{ decision: "accept", source: "user_permanent" }, 0.12],
  [{ decision: "accept", source: "hook" }, 0.06],
  [{ decision: "reject", source: "user_reject" }, 0.08],
  [{ decision: "reject", source: "hook" }, 0.03],
  [{ decision: "reject", source: "config" }, 0.01],
];

const decisionsWithoutUser = decisions.filter(([{ source }]) => source === "config" || source === "hook");

/** Reasons for a main request, with their weights. Names that users choose are redacted by the client. */
const errands: readonly (readonly [Attributes, number])[] = [
  [{}, 0.8],
  [{ "skill.name": "release-notes" }, 0.05],
  [{ "skill.name": "code-review" }, 0.04],
  [{ "skill.name": "third-party", "plugin.name": "third-party", "marketplace.name": "third-party" }, 0.04],
  [{ "mcp_server.name": "custom", "mcp_tool.name": "custom" }, 0.07],
];

/** The counts of one run of a client, interval by interval. */
export function recordingsOf(process: ClientProcess, seed: number): Recording[][] {
  const start = process.intervals[0]?.fromMs ?? 0;
  const random = Random.for(seed, "activity", process.sessionId, start);
  const conversation = new Conversation(process, random);
  return process.intervals.map((interval, index) => [
    ...(index === 0 ? [sessionStart(process, random, start)] : []),
    ...(interval.activity === "idle" ? [] : conversation.interval(interval)),
  ]);
}

function sessionStart({ startType }: ClientProcess, random: Random, startMs: number): Recording {
  // The client gives the session count of --continue a session id that it uses for nothing else.
  const throwAway: Attributes = startType === "continue" ? { "session.id": random.uuid() } : {};
  const attributes = { ...throwAway, start_type: startType };
  return { metric: "sessions", attributes, units: 1, timeMs: startMs + random.integer(100, 400) };
}

/** A conversation whose context grows until it is compacted. */
class Conversation {
  private context: number;
  private cached = 0;
  private uncommittedEdits = 0;
  private recordings: Recording[] = [];
  private current: Interval = { fromMs: 0, toMs: 0, activity: "idle" };

  constructor(
    private readonly process: ClientProcess,
    private readonly random: Random,
  ) {
    this.context = process.startType === "fresh" ? random.integer(16_000, 22_000) : random.integer(40_000, 90_000);
  }

  /** The counts of one interval. */
  interval(interval: Interval): Recording[] {
    this.recordings = [];
    this.current = interval;
    this.requests();
    this.edits();
    this.time();
    return this.recordings;
  }

  private requests(): void {
    const { random, process } = this;
    const hot = this.current.activity === "hot";
    const model = hot ? models.large : process.model;
    this.main(model, random.weighted(errands));
    for (let more = hot ? random.integer(5, 8) : random.integer(0, 3); more > 0; more--) {
      this.main(model, {});
    }
    if (hot || random.chance(0.15)) {
      this.subagent(model, hot ? random.integer(8, 12) : random.integer(2, 5));
    }
    if (random.chance(0.2)) {
      this.auxiliary();
    }
  }

  /** A request of the main conversation: what is new is written to the cache, the rest is read from it. */
  private main(model: Model, errand: Attributes): void {
    const { random } = this;
    this.context += random.integer(800, 4000);
    this.request(
      model,
      { query_source: "main", ...effort(model, this.current.activity), ...errand },
      {
        input: random.integer(3, 40),
        output: random.integer(120, 1400),
        cacheRead: this.cached,
        cacheCreation: this.context - this.cached,
      },
    );
    this.cached = this.context;
    if (this.context > compactionAt) {
      this.compact(model);
    }
  }

  private compact(model: Model): void {
    const { random } = this;
    const usage = { input: random.integer(300, 600), output: random.integer(1500, 3500) };
    const attributes = { query_source: "auxiliary", ...effort(model, this.current.activity) };
    this.request(model, attributes, { ...usage, cacheRead: this.cached, cacheCreation: 0 });
    [this.context, this.cached] = [random.integer(22_000, 30_000), 0];
  }

  private subagent(mainModel: Model, requests: number): void {
    const { random } = this;
    const agent = random.pick(["Explore", "general-purpose", "Plan", "custom"]);
    const model = agent === "Explore" ? models.small : mainModel;
    const attributes = { query_source: "subagent", ...effort(model, this.current.activity), "agent.name": agent };
    let cached = 0;
    for (let request = 0; request < requests; request++) {
      const added = random.integer(2000, 9000);
      const usage = { input: random.integer(3, 60), output: random.integer(100, 900) };
      this.request(model, attributes, { ...usage, cacheRead: cached, cacheCreation: added });
      cached += added;
    }
  }

  /** An extra request to a small model, for example for a title. */
  private auxiliary(): void {
    const { random } = this;
    const usage = { input: random.integer(300, 1500), output: random.integer(20, 200) };
    this.request(models.small, { query_source: "auxiliary" }, { ...usage, cacheRead: 0, cacheCreation: 0 });
  }

  private request(model: Model, attributes: Attributes, usage: Usage): void {
    const timeMs = this.moment();
    const common = { model, ...attributes };
    this.record("cost", common, costNanoUsd(model, usage), timeMs);
    for (const type of ["input", "output", "cacheRead", "cacheCreation"] as const) {
      this.record("tokens", { ...common, type }, usage[type], timeMs);
    }
  }

  private edits(): void {
    const { random, process } = this;
    for (let edits = random.chance(0.55) ? random.integer(1, 3) : 0; edits > 0; edits--) {
      const language = random.chance(0.1) ? "unknown" : random.pick(process.repository.languages);
      const toolNames = language === "Python" ? ["Edit", "Edit", "Write", "NotebookEdit"] : ["Edit", "Edit", "Write"];
      const decision = random.weighted(process.oneShot ? decisionsWithoutUser : decisions);
      this.record("editDecisions", { ...decision, tool_name: random.pick(toolNames), language }, 1);
      if (decision.decision === "accept") {
        this.lines();
      }
    }
    if (this.uncommittedEdits > 3 && random.chance(0.12)) {
      this.commit();
    }
  }

  private lines(): void {
    this.uncommittedEdits++;
    const timeMs = this.moment();
    const { model } = this.process;
    this.record("lines", { type: "added", model }, this.random.integer(1, 60), timeMs);
    // The client sends a point even if nothing was removed.
    this.record("lines", { type: "removed", model }, Math.max(0, this.random.integer(-10, 25)), timeMs);
  }

  private commit(): void {
    this.uncommittedEdits = 0;
    this.record("commits", {}, 1);
    if (this.random.chance(0.35)) {
      this.record("pullRequests", {}, 1);
    }
  }

  private time(): void {
    const { fromMs, toMs } = this.current;
    this.record("activeTime", { type: "cli" }, this.random.integer(5000, toMs - fromMs - 1000));
    if (!this.process.oneShot && this.random.chance(0.7)) {
      this.record("activeTime", { type: "user" }, this.random.integer(1500, 20_000));
    }
  }

  private record(metric: MetricKey, attributes: Attributes, units: number, timeMs = this.moment()): void {
    this.recordings.push({ metric, attributes, units, timeMs });
  }

  /** Any moment of the interval. */
  private moment(): number {
    return this.random.integer(this.current.fromMs + 500, this.current.toMs - 50);
  }
}

/** Only Opus has levels of effort. */
function effort(model: Model, activity: Interval["activity"]): Attributes {
  return model === models.large ? { effort: activity === "hot" ? "high" : "medium" } : {};
}
