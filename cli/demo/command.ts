import { setTimeout as sleep } from "node:timers/promises";

import { formatDuration } from "../../units";
import { StackConfig } from "../../config/schema";
import { amount } from "../../dashboards/queries/amount";
import { youngestWindow } from "../../dashboards/rollups/recompute";
import { longestDay, longestMonth } from "../../dashboards/sources";
import { labels } from "../../telemetry/labels";
import { signals } from "../../dashboards/signals";
import { stackLocation } from "../health";
import { PrometheusApi } from "../prometheus-api";
import { progress } from "../progress";
import { recompute } from "../recompute-rollups";
import { stackConfig } from "../stack-file";
import { pulumiStackOn, savedTarget, Target, targetEnvironment } from "../target";
import { demoDay } from "../../synthetic/day";
import { checkStack, DemoOptions } from "./options";
import { inCluster } from "../prometheus-in-cluster";
import { removeDemo } from "./remove";
import { closing, removalClosing } from "./report";
import { sendAll } from "./send";

/** How often progress is shown, in exports. */
const progressEvery = 250;
const interrupted = 130;

interface Destination {
  readonly url: string;
  readonly dashboardUrl?: string;
}

/**
 * Sends the demo, or removes it.
 *
 * @param signal ends it
 * @returns the exit status: 0 if everything was sent or removed, 130 if `signal` ended it, else 1
 * @throws Error for whatever cannot be done
 */
export async function runDemo(options: DemoOptions, signal: AbortSignal): Promise<number> {
  return options.remove ? remove(options) : send(options, signal);
}

async function send(options: DemoOptions, signal: AbortSignal): Promise<number> {
  const destination = options.url === undefined ? await stackDestination(options) : { url: options.url };
  const day = demoDay({ seed: options.seed, now: Date.now() });
  const exports = day.processes.flat();
  const before = options.url === undefined ? await storedCost(options) : undefined;
  progress(`sending ${exports.length} exports of ${day.members.length} people to ${destination.url}`);
  const sent = await sendAll(day.processes, {
    url: destination.url,
    signal,
    onSent: (count) => {
      if (count % progressEvery === 0) {
        progress(`${count} of ${exports.length} exports`);
      }
    },
  });
  if (signal.aborted) {
    console.log(`Stopped after ${sent} of ${exports.length} exports. npm run demo -- --remove deletes them.`);
    return interrupted;
  }
  if (options.url === undefined) {
    await fillRollups(options, before);
  } else {
    progress("long ranges of a stack that rolls up show it after late passes, or after npm run recompute");
  }
  console.log(closing(day, destination));
  return 0;
}

/** Long ranges would find out about yesterday's data by late passes only, hours later. */
async function fillRollups(options: DemoOptions, before: number | undefined): Promise<void> {
  const { target, config } = deployed(options);
  if (config.dashboards.rawRange < longestMonth) {
    const location = stackLocation(target, config);
    await untilStored(options, before);
    progress(`waiting ${youngestWindow / 60} minutes: the newest windows are being rolled up`);
    await sleep(youngestWindow * 1000);
    progress("npm run recompute: rolling up what was sent");
    const now = Math.floor(Date.now() / 1000);
    await recompute(location, { from: now - longestDay, to: now + longestDay });
  }
}

/** USD of demos that Prometheus holds. */
async function storedCost(options: DemoOptions): Promise<number | undefined> {
  const { target, config } = deployed(options);
  const query = amount(signals.cost, "26h", { source: "raw", matchers: [`${labels.demo}!=""`] });
  return new PrometheusApi(inCluster(stackLocation(target, config))).number(query);
}

/** Waits until it has arrived in Prometheus, and no more of it does. */
async function untilStored(options: DemoOptions, before: number | undefined): Promise<void> {
  let last = before;
  for (let tries = 0; tries < 24; tries += 1) {
    const stored = await storedCost(options);
    if (stored !== before && stored === last) {
      return;
    }
    last = stored;
    await sleep(5000);
  }
  throw new Error("what was sent is still arriving after two minutes; expected seconds. npm run status shows more");
}

async function remove(options: DemoOptions): Promise<number> {
  const { target, config } = deployed(options);
  progress(`deleting what the demo sent to stack ${options.stack}`);
  const removal = await removeDemo(
    // Rewriting blocks without what was deleted takes longer than the look-ups elsewhere.
    new PrometheusApi(inCluster(stackLocation(target, config), 300)),
    formatDuration(config.prometheus.retention),
  );
  console.log(removalClosing(removal));
  return removal.after === 0 ? 0 : 1;
}

function deployed(options: DemoOptions): { target: Target; config: StackConfig } {
  const target = savedTarget(options.stack);
  const config = stackConfig(options.stack, target.overrides);
  checkStack(config, options);
  return { target, config };
}

async function stackDestination(options: DemoOptions): Promise<Destination> {
  const { target } = deployed(options);
  const stack = pulumiStackOn(options.stack, target, await targetEnvironment(target));
  const outputs = await stack.outputs();
  const { http } = outputs["otlpEndpoint"] as { http: string };
  const dashboardUrl = outputs["dashboardUrl"] as string | undefined;
  return { url: http, ...(dashboardUrl === undefined ? {} : { dashboardUrl }) };
}
