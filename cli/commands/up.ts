import type { Command } from "commander";

import type { StackConfig } from "../../config/schema";
import { closing } from "../closing";
import { chooseCluster, thisMachine } from "../cluster-choice";
import { repeated, stackCommand } from "../command";
import { pulumiStackOn, stackOn } from "../deployed";
import { unevaluatedSeconds, untilReady } from "../health";
import { keptOverrides, withEncryptedSecrets } from "../kept-overrides";
import type { Overrides } from "../overrides";
import { withPodReports } from "../pods";
import { progress } from "../progress";
import { recomputeHint } from "../recompute/span";
import { stackConfig } from "../stack-file";
import { findTarget, saveTarget } from "../stack-folder";
import { prepareTarget, type StackLocation, type Target, targetEngine, whyNoGrafana, withoutStores } from "../target";

interface UpOptions {
  readonly stack: string;
  readonly context?: string;
  readonly config?: readonly string[];
  readonly reset?: readonly string[];
  readonly install?: boolean;
}

const readyTimeoutSeconds = 300;

/** Adds `npm run up`. */
export function register(monitor: Command): void {
  stackCommand(monitor, "up")
    .description(
      "Deploys the stack and waits until everything is ready. What is given with --context and --config is kept for " +
        "the next time; secrets are kept encrypted.",
    )
    .option(
      "--context <name>",
      "a context of your kubeconfig; without it a kind cluster where Docker runs, else, on Linux as root with Go, a " +
        "single-node cluster built from source",
    )
    .option(
      "--config <path=value>",
      "a configuration value on top of the stack's file, such as grafana.deployment=none or teams=[web]; may be repeated",
      repeated,
    )
    .option("--reset <path>", "drops a value that was given with --config before; may be repeated", repeated)
    .option("--install", "installs the Debian packages that the single-node cluster needs, where they are missing")
    .action(up);
}

async function up({ stack, context, config = [], reset = [], install = false }: UpOptions): Promise<void> {
  const before = findTarget(stack);
  const given = keptOverrides(before?.given ?? {}, config, reset);
  // Production takes no secret in plain text, and gets none.
  const wanted = stackConfig(stack, await withEncryptedSecrets(given, () => Promise.resolve({ secure: "" })));
  const earlierContext = before?.kind === "context" ? before.context : undefined;
  const choice = chooseCluster(context ?? earlierContext, thisMachine());
  progress(`cluster: ${choice.kind}, because ${choice.reason}`);
  const cluster = await prepareTarget(choice, install);
  const leftOut = await withoutParts(cluster, wanted);
  const engine = await pulumiStackOn(stack, cluster);
  const kept = await withEncryptedSecrets(given, (secret) => engine.encrypted(secret));
  const target = { ...cluster, overrides: { ...cluster.overrides, ...kept, ...leftOut }, given: kept };
  saveTarget(stack, target);
  await deploy(stack, target);
}

/** The configuration that leaves out what a cluster cannot have. Tells why. */
async function withoutParts(target: Target, wanted: StackConfig): Promise<Overrides> {
  const noGrafana =
    wanted.grafana.deployment === "none"
      ? undefined
      : await whyNoGrafana(target, wanted.grafana.deployment, (await targetEngine(target)).environment);
  if (noGrafana !== undefined) {
    progress(`Grafana is left out: ${noGrafana}`);
  }
  const noStores = withoutStores(target, wanted);
  if (noStores !== undefined) {
    progress(noStores.reason);
  }
  return { ...(noGrafana === undefined ? {} : { "grafana.deployment": "none" }), ...noStores?.overrides };
}

async function deploy(stack: string, target: Target): Promise<void> {
  const { config, location } = stackOn(stack, target);
  const pulumiStack = await pulumiStackOn(stack, target);
  progress(`pulumi up -s ${stack}`);
  const workloads = await withPodReports(location, async (signal) => {
    const { created, updated, replaced, deleted, unchanged } = await pulumiStack.up(signal);
    progress(
      `pulumi: ${created} created, ${updated} updated, ${replaced} replaced, ${deleted} deleted, ${unchanged} unchanged`,
    );
    return untilReady(location, readyTimeoutSeconds, signal);
  });
  for (const { name, ready, wanted } of workloads) {
    progress(`${name}: ${ready} of ${wanted} ready`);
  }
  const hint = config.collection === "none" ? undefined : await rollupHint(stack, location);
  console.log([closing(stack, await pulumiStack.outputs()), ...(hint === undefined ? [] : ["", hint])].join("\n"));
}

/** After a long outage, long ranges can be repaired at once. */
async function rollupHint(stack: string, location: StackLocation): Promise<string | undefined> {
  // A hint is no reason to fail: not everybody who may deploy may read Prometheus through the API server.
  const seconds = await unevaluatedSeconds(location).catch(() => 0);
  return recomputeHint(stack, seconds, Math.floor(Date.now() / 1000));
}
