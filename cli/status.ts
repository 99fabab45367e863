import { costToday, lastDataAt, sessionsLastDay, StackLocation, stackLocation, workloadHealth } from "./health";
import { runCommand } from "./progress";
import { stackConfig } from "./stack-file";
import { stackOption } from "./stack-option";
import { savedTarget } from "./target";

const help = `Usage: npm run status -- [--stack NAME]

Shows whether each component is ready, where to send, when data last came and today's cost.
Ends with status 0 if everything is ready and Prometheus answers, else 1.

  --stack NAME  dev (default) or prod
  --help        show this`;

runCommand(async (args) => {
  const stackName = stackOption(args, help);
  if (stackName === undefined) {
    return 0;
  }
  const target = savedTarget(stackName);
  const config = stackConfig(stackName, target.overrides);
  const location = stackLocation(target, config);

  const workloads = await workloadHealth(location);
  for (const { name, ready, wanted } of workloads) {
    console.log(`${ready === wanted ? "ready    " : "NOT READY"}  ${name} (${ready} of ${wanted})`);
  }
  console.log(`OTLP       ${config.otlpHttpUrl} (HTTP), ${config.otlpGrpcUrl} (gRPC)`);
  console.log(`Grafana    ${config.grafana.deployment === "none" ? "left out" : config.grafanaUrl}`);
  const prometheusAnswers = await printData(location);
  const healthy = workloads.length > 0 && workloads.every(({ ready, wanted }) => ready === wanted) && prometheusAnswers;
  console.log(healthy ? "healthy" : "NOT HEALTHY");
  return healthy ? 0 : 1;
});

async function printData(location: StackLocation): Promise<boolean> {
  try {
    const last = await lastDataAt(location);
    const age = last === undefined ? "never" : `${Math.round(Date.now() / 1000 - last)} s ago`;
    console.log(`Last data  ${age}`);
    console.log(`Today      $${(await costToday(location)).toFixed(4)}`);
    console.log(`Sessions   ${await sessionsLastDay(location)} in the last 24 hours`);
    return true;
  } catch (error) {
    console.log(`NOT READY  Prometheus does not answer: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}
