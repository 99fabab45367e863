import { notes } from "./notes";

/** Words of the dashboard about requests. */
export const requests = {
  title: "Claude Code requests",
  description:
    "Whether requests are answered, how fast, and what each costs. Made of events: clients that send none are missing. Can be filtered by team and model; users are not counted apart.",
  columns: {
    model: "Model",
    requests: "Requests",
    mean: "Mean",
    median: "Median",
    p95: "p95",
    p99: "p99",
  },
  volume: {
    row: "Volume",
    answered: {
      title: "Answered requests",
      description: `Requests that the API answered, of all parts of the client, within the range. ${notes.counted}`,
    },
    prompts: {
      title: "Prompts",
      description: `Prompts that people or programs gave. ${notes.ignoresModel} ${notes.counted}`,
    },
    perPrompt: {
      title: "Requests per prompt",
      description: `Answered requests for each prompt, those of subagents and auxiliary ones included. No data where there was no prompt. ${notes.ignoresModel}`,
    },
    byModel: {
      title: "Requests by model",
      description: `Answered requests within the range. A name that looks like none of Anthropic's models counts as “other”. ${notes.counted}`,
    },
    bySource: {
      title: "Requests by source",
      description: `Answered requests of the main conversation, of subagents, and auxiliary ones, such as titles and summaries. ${notes.counted}`,
    },
    trend: {
      title: "Answered requests over time",
      description: `Answered requests per interval, by model. ${notes.counted} ${notes.bars}`,
    },
  },
  latency: {
    row: "Latency",
    byModel: {
      title: "Latency by model",
      description: `Seconds from sending a request to the end of its answer, of its last attempt: waiting between attempts is not in it, nor are requests that were not answered. ${notes.distribution} Up to 0.25 s is the first bucket, 600 s the last bound.`,
    },
    trend: {
      title: "Latency over time",
      description: `Seconds from sending a request to the end of its answer, per interval, all models together: of each interval's requests, not of other quantiles. ${notes.interpolated} ${notes.bars}`,
    },
  },
  firstToken: {
    row: "Time to first token",
    byModel: {
      title: "Time to first token by model",
      description: `Seconds from sending a request to the first token of its answer, of its last attempt. Requests whose event does not say are missing. ${notes.distribution} Up to 0.1 s is the first bucket, 120 s the last bound.`,
    },
    trend: {
      title: "Time to first token over time",
      description: `Seconds to the first token per interval, all models together: of each interval's requests, not of other quantiles. ${notes.interpolated} ${notes.bars}`,
    },
  },
  errors: {
    row: "Errors",
    share: {
      title: "Failed requests",
      description:
        "Share of requests that the client gave up on, of these and the answered ones. Attempts that failed before another succeeded are not seen. No data where there was no request.",
    },
    exhausted: {
      title: "Retries exhausted",
      description: `Requests that the client gave up on after several attempts, within the range; they are among the failed ones. ${notes.counted}`,
    },
    refusals: {
      title: "Refusals",
      description: `Answers within the range in which the model refused. ${notes.counted}`,
    },
    refusalShare: {
      title: "Share of refusals",
      description: "Refusals, of answered requests. No data where no request was answered.",
    },
    byStatus: {
      title: "Failed requests by status",
      description: `Failed requests by HTTP status, “none” where there was no answer at all, and their share of all requests, answered or not. ${notes.counted}`,
      columns: { status: "Status", errors: "Failed", share: "Of all requests" },
    },
    byModel: {
      title: "Failed requests by model",
      description:
        "Share of a model's requests that the client gave up on, of these and the answered ones. No data for models without a request.",
    },
    trend: {
      title: "Failed requests over time",
      description: `Requests that the client gave up on per interval, by HTTP status. ${notes.counted} ${notes.bars}`,
    },
    shareTrend: {
      title: "Share of failed requests over time",
      description: `Share of each interval's requests that the client gave up on. Intervals with few requests swing widely; those with none are gaps. ${notes.bars}`,
      share: "failed",
    },
  },
  cost: {
    row: "Cost and context",
    byModel: {
      title: "Cost and context by model",
      description: `USD of one request, and tokens sent with it: input and what the cache held. ${notes.estimate} ${notes.distribution} The last bounds are 10 USD and 1,000,000 tokens.`,
      cost: "Mean cost",
      costP95: "Cost, p95",
      context: "Mean context",
      contextP95: "Context, p95",
    },
    cost: {
      title: "Cost per request over time",
      description: `USD of one request per interval, all models together. ${notes.estimate} ${notes.interpolated} ${notes.bars}`,
    },
    context: {
      title: "Context per request over time",
      description: `Tokens sent with a request per interval: input and what the cache held. ${notes.interpolated} ${notes.bars}`,
    },
  },
} as const;
