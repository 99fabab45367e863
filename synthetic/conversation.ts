import type { Attributes } from "./client-metrics";
import { type Model, models, type Usage } from "./prices";
import type { Random } from "./random";
import type { ClientProcess, Interval } from "./schedule";
import type { Decision, Outcome, RequestStep, Step, ToolStep } from "./steps";

/** Tokens at which the client compacts a conversation. */
const compactionAt = 150_000;

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

const outcomes: readonly (readonly [Outcome, number])[] = [
  ["answered", 0.976],
  ["refused", 0.004],
  [529, 0.012],
  [429, 0.005],
  [500, 0.003],
];

/** Tools that change nothing, as events name them. */
const readingTools = ["Read", "Read", "Grep", "Glob", "Bash", "Bash", "Bash", "TodoWrite", "WebFetch", "mcp_tool"];

/** A conversation whose context grows until it is compacted. */
export class Conversation {
  private context: number;
  private cached = 0;
  private uncommittedEdits = 0;
  private steps: Step[] = [];

  constructor(
    private readonly process: ClientProcess,
    private readonly random: Random,
  ) {
    this.context = process.startType === "fresh" ? random.integer(16_000, 22_000) : random.integer(40_000, 90_000);
  }

  /** Returns the steps of one prompt, in order. */
  prompt(activity: Interval["activity"]): readonly Step[] {
    const { random, process } = this;
    this.steps = [];
    const hot = activity === "hot";
    const model = hot ? models.large : process.model;
    this.main(model, activity, random.weighted(errands));
    for (let more = hot ? random.integer(5, 8) : random.integer(0, 3); more > 0; more--) {
      this.steps.push(random.chance(0.4) ? this.edit() : this.tool(random.pick(readingTools)));
      this.main(model, activity, {});
    }
    if (hot || random.chance(0.15)) {
      this.steps.push(this.subagent(model, activity, hot ? random.integer(8, 12) : random.integer(2, 5)));
    }
    if (this.uncommittedEdits > 3 && random.chance(0.3)) {
      this.steps.push({ ...this.tool("Bash"), success: true, commit: { pullRequest: random.chance(0.35) } });
      this.uncommittedEdits = 0;
    }
    if (random.chance(0.2)) {
      this.auxiliary();
    }
    return this.steps;
  }

  /** A request of the main conversation: what is new is written to the cache, the rest is read from it. */
  private main(model: Model, activity: Interval["activity"], errand: Attributes): void {
    const { random } = this;
    this.context += random.integer(800, 4000);
    const usage = {
      input: random.integer(3, 40),
      output: random.integer(120, 1400),
      cacheRead: this.cached,
      cacheCreation: this.context - this.cached,
    };
    const querySource = this.process.oneShot ? "sdk" : "repl_main_thread";
    const attributes = { ...effort(model, activity), ...errand };
    const step = this.request(model, "main", querySource, attributes, usage);
    this.steps.push(step);
    if (typeof step.outcome === "number") {
      return;
    }
    this.cached = this.context;
    if (this.context > compactionAt) {
      this.compact(model, activity);
    }
  }

  private compact(model: Model, activity: Interval["activity"]): void {
    const { random } = this;
    const usage = { input: random.integer(300, 600), output: random.integer(1500, 3500) };
    const request = this.request(model, "auxiliary", "compact", effort(model, activity), {
      ...usage,
      cacheRead: this.cached,
      cacheCreation: 0,
    });
    const tokensBefore = this.context;
    [this.context, this.cached] = [random.integer(22_000, 30_000), 0];
    this.steps.push({
      kind: "compaction",
      request: { ...request, outcome: "answered" },
      tokensBefore,
      tokensAfter: this.context,
    });
  }

  private subagent(mainModel: Model, activity: Interval["activity"], requests: number): ToolStep {
    const { random } = this;
    const type = random.pick(["Explore", "general-purpose", "Plan", "custom"]);
    const model = type === "Explore" ? models.small : mainModel;
    const attributes = { ...effort(model, activity), "agent.name": type };
    const querySource = type === "custom" ? "agent:custom" : `agent:builtin:${type}`;
    let cached = 0;
    const steps = Array.from({ length: requests }, (): Step[] => {
      const added = random.integer(2000, 9000);
      const usage = { input: random.integer(3, 60), output: random.integer(100, 900) };
      const amounts = { ...usage, cacheRead: cached, cacheCreation: added };
      cached += added;
      return [
        this.request(model, "subagent", querySource, attributes, amounts),
        this.allowed(random.pick(readingTools)),
      ];
    });
    return { ...this.allowed("Agent"), success: true, subagent: { type, model, steps: steps.flat() } };
  }

  /** An extra request to a small model, for example for a title. */
  private auxiliary(): void {
    const { random } = this;
    const usage = { input: random.integer(300, 1500), output: random.integer(20, 200), cacheRead: 0, cacheCreation: 0 };
    this.steps.push(this.request(models.small, "auxiliary", "generate_session_title", {}, usage));
  }

  private request(
    model: Model,
    source: RequestStep["source"],
    querySource: string,
    attributes: Attributes,
    usage: Usage,
  ): RequestStep {
    return { kind: "request", model, source, querySource, attributes, usage, outcome: this.random.weighted(outcomes) };
  }

  private edit(): ToolStep {
    const { random, process } = this;
    const language = random.chance(0.1) ? "unknown" : random.pick(process.repository.languages);
    const toolNames = language === "Python" ? ["Edit", "Edit", "Write", "NotebookEdit"] : ["Edit", "Edit", "Write"];
    const tool = this.tool(random.pick(toolNames));
    if (tool.decision.decision === "accept" && tool.success) {
      this.uncommittedEdits++;
    }
    // The client counts lines that were removed even if there are none.
    return { ...tool, edit: { language, added: random.integer(1, 60), removed: Math.max(0, random.integer(-10, 25)) } };
  }

  private tool(name: string): ToolStep {
    const decision = this.random.weighted(this.process.oneShot ? decisionsWithoutUser : decisions);
    return { ...this.allowed(name), decision };
  }

  /** A tool that nobody is asked about. */
  private allowed(tool: string): ToolStep {
    const { random } = this;
    return {
      kind: "tool",
      tool,
      decision: { decision: "accept", source: "config" },
      success: random.chance(0.95),
      resultBytes: random.integer(40, 12_000),
    };
  }
}

/** Only Opus has levels of effort. */
function effort(model: Model, activity: Interval["activity"]): Attributes {
  return model === models.large ? { effort: activity === "hot" ? "high" : "medium" } : {};
}
