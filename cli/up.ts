import { parseArgs } from "node:util";

import { parse } from "yaml";

import { closing } from "./closing";
import { chooseCluster, thisMachine } from "./cluster-choice";
import { type StackLocation, unevaluatedSeconds, untilReady } from "./health";
import { progress, runCommand } from "./progress";
import { Overrides, packageVersion } from "./pulumi-stack";
import { recomputeHint } from "./recompute-span";
import { stackConfig, stackNames } from "./stack-file";
import {
  prepareTarget,
  pulumiStackOn,
  saveTarget,
  Target,
  targetEnvironment,
  whyNoGrafana,
  withoutStores,
} from "./target";

const readyTimeoutSeconds = 300;

const help = `Usage: npm run up -- [options]

Deploys the stack and waits until everything is ready.

  --stack NAME        dev (default) or prod
  --context NAME      a context of your kubeconfig; without it a kind cluster where Docker runs, else, on Linux as
                      root with Go, a single-node cluster built from source
  --config PATH=VALUE a configuration value on top of the stack's file, as grafana.deployment=none or
                      teams=[platform,web]; may be repeated
  --help              show this`;

runCommand(async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      stack: { type: "string", default: "dev" },
      context: { type: "string" },
      config: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const { stack } = values;
  if (!stackNames.some((name) => name === stack)) {
    throw new Error(`--stack: found "${stack}"; expected ${stackNames.join(" or ")}`);
  }
  const overrides = parseOverrides(values.config);
  const wanted = stackConfig(stack, overrides);

  const choice = chooseCluster(values.context, thisMachine());
  progress(`cluster: ${choice.kind}, because ${choice.reason}`);
  const target = await prepareTarget(choice);
  const environment = await targetEnvironment(target);
  const withoutGrafana =
    wanted.grafana.deployment === "none"
      ? undefined
      : await whyNoGrafana(target, wanted.grafana.deployment, packageVersion("@pulumiverse/grafana"), environment);
  if (withoutGrafana !== undefined) {
    progress(`Grafana is left out: ${withoutGrafana}`);
  }
  const storesLeftOut = withoutStores(target, wanted);
  if (storesLeftOut !== undefined) {
    progress(storesLeftOut.reason);
  }
  const deployed: Target = {
    ...target,
    overrides: {
      ...target.overrides,
      ...overrides,
      ...(withoutGrafana === undefined ? {} : { "grafana.deployment": "none" }),
      ...storesLeftOut?.overrides,
    },
  };
  saveTarget(stack, deployed);
  await deploy(stack, deployed, environment);
  return 0;
});

async function deploy(stack: string, target: Target, environment: NodeJS.ProcessEnv): Promise<void> {
  const config = stackConfig(stack, target.overrides);
  const pulumiStack = pulumiStackOn(stack, target, environment);
  progress(`pulumi up -s ${stack}`);
  await pulumiStack.prepare();
  const { created, updated, replaced, deleted, unchanged } = await pulumiStack.up();
  progress(
    `pulumi: ${created} created, ${updated} updated, ${replaced} replaced, ${deleted} deleted, ${unchanged} unchanged`,
  );
  for (const { name, ready, wanted } of await untilReady({ target, ...config }, readyTimeoutSeconds)) {
    progress(`${name}: ${ready} of ${wanted} ready`);
  }
  const hint = config.collection === "none" ? undefined : await rollupHint(stack, { target, ...config });
  console.log([closing(stack, await pulumiStack.outputs()), ...(hint === undefined ? [] : ["", hint])].join("\n"));
}

/** After a long outage, long ranges can be repaired at once. */
async function rollupHint(stack: string, location: StackLocation): Promise<string | undefined> {
  // A hint is no reason to fail: not everybody who may deploy may read Prometheus through the API server.
  const seconds = await unevaluatedSeconds(location).catch(() => 0);
  return recomputeHint(stack, seconds, Math.floor(Date.now() / 1000));
}

function parseOverrides(pairs: readonly string[]): Overrides {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) {
        throw new Error(`--config: found "${pair}"; expected PATH=VALUE`);
      }
      const value = pair.slice(at + 1);
      return [pair.slice(0, at), /^[[{]/.test(value) ? (parse(value) as Overrides[string]) : value];
    }),
  );
}
