import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { ensureGoProgram } from "../../../lab/lab";
import { killAtExit, removeTemporaryDirectory, temporaryDirectory } from "../processes";

/** A range of simulated time, in milliseconds since 1970; its end is not part of it. */
export interface SimulatedSpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A rules file while Prometheus is configured with it. */
export interface SimulatedRules extends SimulatedSpan {
  /** Its path as Prometheus knows it: it decides, with a group's name, at which instants the group is evaluated. */
  readonly file: string;
  /** Its YAML. */
  readonly content: string;
}

/** A SIGKILL in the middle of the first evaluation, of whichever group, at or after an instant. */
export interface SimulatedCut {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** How many rules of the group are still evaluated. */
  readonly afterRules: number;
}

/** A sample that is sent to Prometheus. */
export interface SimulatedSample {
  /** Its series, `__name__` included. */
  readonly labels: Readonly<Record<string, string>>;
  /** Its timestamp in milliseconds since 1970. */
  readonly timeMs: number;
  /** A finite number. */
  readonly value: number;
  /** When Prometheus stores it, in milliseconds since 1970; in an outage it waits for the end. */
  readonly arrivesMs: number;
}

/** An instant query, asked after the simulation. */
export interface SimulatedQuery {
  readonly query: string;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
}

/** What happens to a Prometheus in simulated time. */
export interface RuleSimulation {
  /** How late a sample may be stored, in seconds; at least an hour. */
  readonly outOfOrderTimeWindowSeconds: number;
  readonly rules: readonly SimulatedRules[];
  /** When Prometheus does not run. Default: never. */
  readonly outages?: readonly SimulatedSpan[];
  /** Default: none. Prometheus is back at once. */
  readonly cuts?: readonly SimulatedCut[];
  /** In any order. Those that arrive after the end are stored before the queries are asked. */
  readonly samples: readonly SimulatedSample[];
  /** When Prometheus starts, in milliseconds since 1970. */
  readonly startMs: number;
  /** Before that, the last rule is evaluated; in milliseconds since 1970. */
  readonly endMs: number;
  /** Queries whose answer is a scalar or an instant vector. Default: none. */
  readonly queries?: readonly SimulatedQuery[];
  /** Range selectors, e.g. `m[1d]`, for the samples as they are stored. Default: none. */
  readonly ranges?: readonly SimulatedQuery[];
  /**
   * Whether a result that the storage refuses is reported in {@link SimulationAnswer.refused}, and Prometheus goes on,
   * as the real one does. Default false: it ends the simulation.
   */
  readonly allowRefused?: boolean;
}

const pointSchema = z.tuple([z.number(), z.string()]).readonly();
const metricSchema = z.record(z.string(), z.string()).readonly();

const answerSchema = z.object({
  results: z.array(z.array(z.object({ metric: metricSchema, value: pointSchema }).readonly())),
  ranges: z.array(z.array(z.object({ metric: metricSchema, values: z.array(pointSchema).readonly() }).readonly())),
  evaluations: z.number(),
  refused: z.array(
    z
      .object({ file: z.string(), group: z.string(), rule: z.string(), timeMs: z.number(), error: z.string() })
      .readonly(),
  ),
});

/** A series' value as Prometheus' API tells it: seconds since 1970, and the number as text, with all its digits. */
export type SimulatedValue = z.infer<typeof answerSchema>["results"][number][number];

/** A series' stored samples, in the same form. */
export type SimulatedValues = z.infer<typeof answerSchema>["ranges"][number][number];

/** A result of a rule that the storage did not take, and the instant of evaluation in milliseconds since 1970. */
export type RefusedResult = z.infer<typeof answerSchema>["refused"][number];

/** The outcome of {@link simulateRules}. */
export interface SimulationAnswer {
  /** An entry for each of the queries, in their order. */
  readonly results: readonly (readonly SimulatedValue[])[];
  /** An entry for each of the ranges, in their order. */
  readonly ranges: readonly (readonly SimulatedValues[])[];
  /** How many times groups were evaluated, cut evaluations included. */
  readonly evaluations: number;
  readonly refused: readonly RefusedResult[];
}

/** Room for the answers, in bytes. */
const longestAnswer = 2 ** 29;

/** Builds the simulator, unless the cache has it. Needs Go. Returns the binary's path. */
export function ensureRuleSimulator(): Promise<string> {
  return ensureGoProgram(path.join(__dirname, "rule-simulation"), "rule-simulation");
}

/**
 * Evaluates recording rules with Prometheus' own code, at the instants at which it would: those that
 * `Group.EvalTimestamp` gives and that are after the group's start. At one instant, Prometheus starts, ends or reads
 * rules first, then samples are stored, then rules are evaluated.
 *
 * Results have the instant of evaluation, rounded down to milliseconds, less the group's `query_offset`. Series of a
 * group that is no longer configured become stale, unless another group goes on with them.
 *
 * @throws Error if a rule fails or the storage refuses a sample, with the reason
 */
export async function simulateRules(simulation: RuleSimulation): Promise<SimulationAnswer> {
  const binary = await ensureRuleSimulator();
  const directory = temporaryDirectory("claude-monitoring-rules");
  try {
    const file = path.join(directory, "scenario.json");
    fs.writeFileSync(file, JSON.stringify(simulation));
    return answerSchema.parse(JSON.parse(await run(binary, file, directory)));
  } finally {
    removeTemporaryDirectory(directory);
  }
}

/** The storage lies in the folder, which is removed even if the program is killed. */
function run(binary: string, file: string, directory: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { TMPDIR: directory }, maxBuffer: longestAnswer };
    const child = execFile(binary, [file], options, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout);
      } else {
        reject(new Error(stderr.trim() || error.message));
      }
    });
    killAtExit(child);
  });
}
