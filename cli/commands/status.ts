import type { Command } from "commander";

import { planOf } from "../../config/budgets";
import type { Plan } from "../../dashboards/options";
import { billedAs } from "../../dashboards/queries/billing";
import { stackCommand } from "../command";
import { deployedStack } from "../deployed";
import { costToday, lastDataAt, sessionsLastDay, workloadHealth } from "../health";
import type { StackLocation } from "../target";

/** Adds `npm run status`. */
export function register(monitor: Command): void {
  stackCommand(monitor, "status")
    .description(
      "Shows whether each component is ready, where to send, when data last came and today's cost. Ends with status 0 " +
        "if everything is ready and Prometheus answers, else 1.",
    )
    .action(async ({ stack }: { stack: string }) => {
      process.exitCode = (await showStatus(stack)) ? 0 : 1;
    });
}

/** @returns whether the stack is healthy */
async function showStatus(stack: string): Promise<boolean> {
  const { config, location } = deployedStack(stack);
  const workloads = await workloadHealth(location);
  for (const { name, ready, wanted } of workloads) {
    console.log(`${ready === wanted ? "ready    " : "NOT READY"}  ${name} (${ready} of ${wanted})`);
  }
  console.log(`OTLP       ${config.otlpHttpUrl} (HTTP), ${config.otlpGrpcUrl} (gRPC)`);
  console.log(`Grafana    ${config.grafana.deployment === "none" ? "left out" : config.grafanaUrl}`);
  const prometheusAnswers = await showData(location, planOf(config));
  const healthy = workloads.length > 0 && workloads.every(({ ready, wanted }) => ready === wanted) && prometheusAnswers;
  console.log(healthy ? "healthy" : "NOT HEALTHY");
  return healthy;
}

async function showData(location: StackLocation, plan: Plan): Promise<boolean> {
  try {
    const last = await lastDataAt(location);
    const age = last === undefined ? "never" : `${Math.round(Date.now() / 1000 - last)} s ago`;
    console.log(`Last data  ${age}`);
    console.log(`Today      $${(await costToday(location)).toFixed(4)}${await ofSeats(location, plan)}`);
    console.log(`Sessions   ${await sessionsLastDay(location)} in the last 24 hours`);
    return true;
  } catch (error) {
    console.log(`NOT READY  Prometheus does not answer: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

/** The part of today's cost that seats cover, and nobody is billed by. Empty without one. */
async function ofSeats(location: StackLocation, plan: Plan): Promise<string> {
  const value = await costToday(location, billedAs("seat", plan));
  return value > 0 ? `, of which $${value.toFixed(4)} is the value of seats` : "";
}
