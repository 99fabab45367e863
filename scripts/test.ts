import * as path from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";

import { progress, runCommand } from "./progress";
import { repository } from "./pulumi-stack";
import { run } from "./shell";

const help = `Usage: npm test | npm run test:pipeline | npm run test:cluster

  unit      formatting, lint, types and unit tests with coverage; needs nothing but npm packages
  pipeline  real collector, Prometheus and Claude Code client, on loopback
  cluster   real Kubernetes and Pulumi engine, the real stacks

Ends with a line "N passed, N failed".`;

/** One command of a tier; mocha's counts are its own, any other command counts as one check. */
interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

// In this order, whatever .mocharc.json says: the hooks are TypeScript.
const rootHooks = ["--require", "ts-node/register/transpile-only", "--require", "./tests/cluster/node-hooks.ts"];

const tiers: Readonly<Record<string, readonly Check[]>> = {
  unit: [
    { name: "format", command: "prettier", args: ["--check", "--log-level=warn", "."] },
    { name: "types", command: "tsc", args: ["--noEmit"] },
    { name: "lint", command: "eslint", args: ["--max-warnings=0", "."] },
    {
      name: "mocha",
      command: "c8",
      args: ["--config", "tests/unit/coverage.json", "mocha", "--forbid-only", "tests/unit/**/*.test.ts"],
    },
  ],
  pipeline: [
    prepare("pipeline"),
    { name: "mocha", command: "mocha", args: ["--forbid-only", "--exit", "tests/pipeline/**/*.test.ts"] },
  ],
  cluster: [
    prepare("cluster"),
    { name: "mocha", command: "mocha", args: ["--forbid-only", ...rootHooks, "--exit", "tests/cluster/**/*.test.ts"] },
  ],
};

/** Building is a check of its own, and comes first: no test should wait for a compiler. */
function prepare(tier: string): Check {
  return { name: "toolchain", command: "ts-node", args: ["--transpileOnly", "tests/prepare.ts", tier] };
}

runCommand(async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { help: { type: "boolean", default: false } },
  });
  const checks = tiers[positionals[0] ?? ""];
  if (values.help || checks === undefined || positionals.length !== 1) {
    console.log(help);
    return values.help ? 0 : 1;
  }
  const total = { passed: 0, failed: 0 };
  for (const check of checks) {
    const { passed, failed } = await runCheck(check);
    total.passed += passed;
    total.failed += failed;
    if (failed > 0 && check.name === "toolchain") {
      break;
    }
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
});

async function runCheck(check: Check): Promise<{ passed: number; failed: number }> {
  const start = performance.now();
  const programs = path.join(repository, "node_modules", ".bin");
  const result = await run(path.join(programs, check.command), check.args, {
    cwd: repository,
    env: { ...process.env, PATH: [programs, process.env["PATH"] ?? ""].join(path.delimiter) },
    onLine: (line) => {
      console.log(line);
    },
  });
  const seconds = Math.round((performance.now() - start) / 1000);
  progress(`${check.name}: ${result.status === 0 ? "passed" : "FAILED"} in ${seconds} s`);
  const count = (word: string) => Number(new RegExp(`^\\s*(\\d+) ${word}`, "m").exec(result.stdout)?.[1] ?? 0);
  if (check.name !== "mocha") {
    return result.status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  }
  // A run that failed without a failing test (too little coverage, a crash) is a failure of its own.
  const failing = count("failing");
  return { passed: count("passing"), failed: result.status !== 0 && failing === 0 ? 1 : failing };
}
