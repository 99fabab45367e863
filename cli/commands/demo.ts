import type { Command } from "commander";

import { stackCommand } from "../command";
import { runDemo } from "../demo/command";
import { type DemoOptions, longestDemo, readDays, readSeed, readUrl } from "../demo/options";

/** Adds `npm run demo`. */
export function register(monitor: Command, run = runDemo): void {
  stackCommand(monitor, "demo")
    .description(
      "Sends the last days of a made-up company of 40 people through the stack's collector: metrics and events, and the " +
        'last day\'s spans. Everything carries claude_monitoring_demo="true", and the names of its users begin with demo-. ' +
        "Amounts of several runs add up.",
    )
    .option(
      "--url <url>",
      "where to send (OTLP over HTTP), e.g. http://localhost:30318; the stack's own by default",
      readUrl,
    )
    .option(
      "--days <n>",
      `days to send; by default ${longestDemo}, or as many as the stack's prometheus.outOfOrderWindow lets in, and 1 with --url`,
      readDays,
    )
    .option("--seed <n>", "another number makes another company", readSeed, 1)
    .option(
      "--remove",
      "deletes what was sent, from the stack's Prometheus; what that cannot delete yet, it says from when it can",
    )
    .option("--yes", "also with a production stack")
    .action(async (options: DemoOptions) => {
      if (options.remove === true && options.url !== undefined) {
        throw new Error("--url: found together with --remove; expected --stack, whose Prometheus holds what was sent");
      }
      const stop = new AbortController();
      // Once: a second Ctrl-C ends the program as usual.
      process.once("SIGINT", () => {
        stop.abort();
      });
      process.exitCode = await run(options, stop.signal);
    });
}
