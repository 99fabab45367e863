import { setTimeout as sleep } from "node:timers/promises";

import { formatDuration } from "../../units";
import { amount } from "../../dashboards/queries/amount";
import { youngestWindow } from "../recompute/recomputations";
import { longestDay, longestMonth } from "../../dashboards/sources";
import { labels } from "../../telemetry/labels";
import { signals } from "../../dashboards/signals";
import { type DeployedStack, deployedPulumiStack, deployedStack } from "../deployed";
import { PrometheusApi } from "../prometheus-api";
import { progress } from "../progress";
import { recompute } from "../recompute/rollups";
import { demo } from "../../synthetic/demo";
import { checkStack, daysLetIn, DemoOptions, demoSpan, longestDemo } from "./options";
import { inCluster } from "../prometheus-in-cluster";
import { removeDemo } from "./remove";
import { closing, removalClosing } from "./report";
import { sendAll } from "./send";

/** Exports between two lines of progress. */
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
  if (options.remove === true) {
    return remove(options, deployed(options));
  }
  return send(options, options.url === undefined ? deployed(options) : undefined, signal);
}

/** @param stack undefined for another address */
async function send(options: DemoOptions, stack: DeployedStack | undefined, signal: AbortSignal): Promise<number> {
  const destination = options.url === undefined ? await stackDestination(options.stack) : { url: options.url };
  const days = options.days ?? (stack === undefined ? 1 : daysLetIn(stack.config));
  const sample = demo({ seed: options.seed, now: Date.now(), days });
  const exports = sample.processes.flat();
  const before = stack && (await storedCost(stack));
  progress(`sending ${exports.length} exports of ${sample.members.length} people, ${days} days, to ${destination.url}`);
  const sent = await sendAll(sample.processes, {
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
  if (stack !== undefined) {
    await fillRollups(stack, days, before);
  } else {
    progress("long ranges of a stack that rolls up show it after late passes, or after npm run recompute");
  }
  console.log(closing(sample, days, destination));
  return 0;
}

/** Long ranges would find out about yesterday's data by late passes only, hours later. */
async function fillRollups(stack: DeployedStack, days: number, before: number | undefined): Promise<void> {
  if (stack.config.dashboards.rawRange < longestMonth) {
    await untilStored(stack, before);
    progress(`waiting ${youngestWindow / 60} minutes: the newest windows are being rolled up`);
    await sleep(youngestWindow * 1000);
    progress("npm run recompute: rolling up what was sent");
    const now = Math.floor(Date.now() / 1000);
    await recompute(stack.location, { from: now - demoSpan(days), to: now + longestDay });
  }
}

/** USD of demos that Prometheus holds. */
async function storedCost({ location }: DeployedStack): Promise<number | undefined> {
  const query = amount(signals.cost, `${longestDemo + 1}d`, { source: "raw", matchers: [`${labels.demo}!=""`] });
  return new PrometheusApi(inCluster(location)).number(query);
}

/** Waits until it has arrived in Prometheus, and no more of it does. */
async function untilStored(stack: DeployedStack, before: number | undefined): Promise<void> {
  let last = before;
  for (let tries = 0; tries < 24; tries += 1) {
    const stored = await storedCost(stack);
    if (stored !== before && stored === last) {
      return;
    }
    last = stored;
    await sleep(5000);
  }
  throw new Error("what was sent is still arriving after two minutes; expected seconds. npm run status shows more");
}

async function remove({ stack }: DemoOptions, { config, location }: DeployedStack): Promise<number> {
  progress(`deleting what the demo sent to stack ${stack}`);
  const removal = await removeDemo(
    // Rewriting blocks without what was deleted takes longer than the look-ups elsewhere.
    new PrometheusApi(inCluster(location, 300)),
    formatDuration(config.prometheus.retention),
  );
  console.log(removalClosing(removal));
  return removal.after === 0 ? 0 : 1;
}

function deployed(options: DemoOptions): DeployedStack {
  const stack = deployedStack(options.stack);
  checkStack(stack.config, options);
  return stack;
}

async function stackDestination(stack: string): Promise<Destination> {
  const outputs = await (await deployedPulumiStack(stack)).outputs();
  const { http } = outputs["otlpEndpoint"] as { http: string };
  const dashboardUrl = outputs["dashboardUrl"] as string | undefined;
  return { url: http, ...(dashboardUrl === undefined ? {} : { dashboardUrl }) };
}
