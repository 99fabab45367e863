import { execa } from "execa";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";

import { progress, runCommand } from "../cli/progress";
import { repository } from "../cli/repository";
import { closingLine, type Counts, countsOfCommand, countsOfMocha, totalOf } from "./test-counts";

const help = `Usage: npm test | npm run test:pipeline | npm run test:cluster | npm run test:faults | npm run test:scale

  unit      formatting, lint, types and unit tests with coverage; needs nothing but npm packages
  pipeline  real collector, Prometheus and Claude Code client, on loopback
  cluster   real Kubernetes and Pulumi engine, the real stacks
  faults    the same, with parts killed, full, cut off and restarted under load; prints a table of what was lost
  scale     the pipeline, then stack prod on the cluster, with a real distributed store, Thanos; not a part of .ci/run

Ends with a line "N passed, N failed", with ", N skipped" where tests were: each is named before it.`;

/** One command of a tier; mocha's counts are its own, any other command counts as one check. */
interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

// In this order, whatever .mocharc.json says: the hooks are TypeScript.
const rootHooks = ["--require", "./cli/typescript.cjs", "--require", "./tests/cluster/node-hooks.ts"];

// The longest files first: one that begins last is waited for alone.
const unitTests = ["{synthetic,cli}/**/*", "!(synthetic|cli)/**/*", "*"].map((files) => `tests/unit/${files}.test.ts`);

/** Checks that run one after the other. The lanes of a tier run at the same time. */
type Lane = readonly Check[];

const tiers: Readonly<Record<string, readonly Lane[]>> = {
  unit: [
    [
      { name: "format", command: "oxfmt", args: ["--check"] },
      { name: "types and lint", command: "oxlint", args: ["--deny-warnings"] },
    ],
    [mocha("c8", "--config", "tests/unit/coverage.json", "mocha", "--parallel", "--jobs=3", ...unitTests)],
  ],
  pipeline: [[prepare("pipeline"), mocha("mocha", "--exit", "tests/pipeline/**/*.test.ts")]],
  cluster: [[prepare("cluster"), mocha("mocha", ...rootHooks, "--exit", "tests/cluster/**/*.test.ts")]],
  faults: [[prepare("cluster"), mocha("mocha", ...rootHooks, "--exit", "tests/faults/**/*.test.ts")]],
  scale: [[prepare("scale"), mocha("mocha", ...rootHooks, "--exit", "tests/scale/**/*.test.ts")]],
};

function mocha(command: string, ...args: string[]): Check {
  return { name: "mocha", command, args: [...args, "--forbid-only", "--reporter", "tests/skips-reporter.ts"] };
}

/** Building is a check of its own, and comes first: no test should wait for a compiler. */
function prepare(tier: string): Check {
  return { name: "toolchain", command: "node", args: ["--require", "./cli/typescript.cjs", "tests/prepare.ts", tier] };
}

runCommand(async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { help: { type: "boolean", default: false } },
  });
  const lanes = tiers[positionals[0] ?? ""];
  if (values.help || lanes === undefined || positionals.length !== 1) {
    console.log(help);
    return values.help ? 0 : 1;
  }
  const counts = (await Promise.all(lanes.map(async (lane) => runLane(lane, lanes.length === 1)))).flat();
  const total = totalOf(counts);
  console.log(`\n${closingLine(total)}`);
  return total.failed === 0 ? 0 : 1;
});

/** @param live whether lines are shown as they come; if not, when a check has ended, so that they do not mix */
async function runLane(lane: Lane, live: boolean): Promise<Counts[]> {
  const counts: Counts[] = [];
  for (const check of lane) {
    const count = await runCheck(check, live);
    counts.push(count);
    if (count.failed > 0 && check.name === "toolchain") {
      break;
    }
  }
  return counts;
}

async function runCheck(check: Check, live: boolean): Promise<Counts> {
  const start = performance.now();
  const output = live ? (["pipe", "inherit"] as const) : "pipe";
  const result = await execa(check.command, check.args, {
    cwd: repository,
    preferLocal: true,
    reject: false,
    stdin: "ignore",
    stdout: output,
    stderr: output,
  });
  const status = result.exitCode ?? 1;
  if (!live) {
    console.log([result.stdout, result.stderr].filter((text) => text !== "").join("\n"));
  }
  const seconds = Math.round((performance.now() - start) / 1000);
  progress(`${check.name}: ${status === 0 ? "passed" : "FAILED"} in ${seconds} s`);
  return check.name === "mocha" ? countsOfMocha(result.stdout, status) : countsOfCommand(status);
}
