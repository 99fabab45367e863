import * as fs from "node:fs";
import * as path from "node:path";

import { execa } from "execa";

import { freePorts, loopback } from "../support/loopback-ports";
import { removeTemporaryDirectory, temporaryDirectory } from "../support/processes";
import { sendLoad, type SteadyLoad, warmUpSeconds } from "./send-load";
import { startStoredStack } from "./stored-stack";

/** The work of a collector, by the innermost function that belongs to one of them. */
const parts: readonly (readonly [string, RegExp])[] = [
  ["garbage collection", /^runtime\.(gc|bgsweep|bgscavenge|scan|mallocgc.*Assist|\(\*gcWork\))/],
  ["batches: sizes of what is merged", /partitionBatcher|multiBatcher|MergeSplit|mergeTo/],
  ["queues on disk: bbolt", /go\.etcd\.io\/bbolt|filestorage\./],
  ["queues on disk: encoding", /queuebatch\.\w+Encoding/],
  ["transform: aggregate_on_attributes", /aggregateutil/],
  ["transform: regular expressions", /^regexp\./],
  ["transform: other statements", /processor\/transformprocessor|pkg\/ottl/],
  ["filter", /processor\/filterprocessor/],
  ["cumulativetodelta", /processor\/cumulativetodeltaprocessor/],
  ["copies for a second pipeline", /fanoutconsumer\.clone/],
  ["signal_to_metrics", /signaltometricsconnector/],
  ["exporters: connecting", /net\/http\.\(\*Transport\)\.dial/],
  ["exporters: encoding and sending", /exporter\/otlphttpexporter|net\/http\.\(\*(persistConn|Transport|Client)\)/],
  ["receivers: decoding", /receiver\/otlpreceiver\.\w+Encoder/],
  ["receivers: HTTP", /receiver\/otlpreceiver|net\/http\.\(\*(conn|response|connReader|Server)\)/],
];

const rest = "runtime: scheduling, timers and the rest";

/** Seconds of a core, by part of the collector's work. */
export type Profile = ReadonlyMap<string, number>;

/** Profiles the collector under a steady load, by pprof. Needs Go, whose tool reads the profile. */
export async function profileCollector(load: SteadyLoad): Promise<Profile> {
  const [port = 0] = await freePorts(1);
  const directory = temporaryDirectory("claude-monitoring-profile");
  const { stack, stop } = await startStoredStack({
    adjustCollectorConfig: (config) => withPprof(config, `${loopback}:${port}`),
  });
  try {
    const file = path.join(directory, "cpu.pprof");
    const collectorPort = stack.collector.ports.otlpHttp;
    await sendLoad({ ...load, seconds: warmUpSeconds }, collectorPort);
    const [profile] = await Promise.all([
      fetch(`http://${loopback}:${port}/debug/pprof/profile?seconds=${load.seconds}`),
      sendLoad(load, collectorPort),
    ]);
    fs.writeFileSync(file, Buffer.from(await profile.arrayBuffer()));
    const { stdout } = await execa("go", ["tool", "pprof", "-traces", file]);
    return readTraces(stdout);
  } finally {
    await stop();
    removeTemporaryDirectory(directory);
  }
}

function withPprof(config: Record<string, unknown>, endpoint: string): Record<string, unknown> {
  const service = config["service"] as { readonly extensions: readonly string[] };
  return {
    ...config,
    extensions: { ...(config["extensions"] as object), pprof: { endpoint } },
    service: { ...service, extensions: [...service.extensions, "pprof"] },
  };
}

/** Sums the samples of `go tool pprof -traces`, by part. Of a stack, the function that runs comes first. */
export function readTraces(text: string): Profile {
  const sums = new Map<string, number>();
  for (const block of text.split(/^-+\+-+$/m).slice(1)) {
    const [first = "", ...callers] = block.split("\n").filter((line) => line.trim() !== "");
    const [, value = "", unit = "", running = ""] = /^\s*([0-9.]+)(ns|us|ms|s)\s+(\S+)/.exec(first) ?? [];
    if (running === "") {
      continue;
    }
    const part = partOf([running, ...callers.map((line) => line.trim())]);
    sums.set(part, (sums.get(part) ?? 0) + Number(value) * unitSeconds[unit as keyof typeof unitSeconds]);
  }
  return sums;
}

const unitSeconds = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1 };

function partOf(stack: readonly string[]): string {
  for (const each of stack) {
    const [name] = parts.find(([, functions]) => functions.test(each)) ?? [];
    if (name !== undefined) {
      return name;
    }
  }
  return rest;
}

/** Milliseconds of a core for each export, as a Markdown table for docs/capacity.md. */
export function profileTable(profiles: readonly (readonly [SteadyLoad, Profile])[]): string {
  const cell = ({ perSecond, seconds }: SteadyLoad, coreSeconds = 0): string =>
    ((coreSeconds * 1000) / (perSecond * seconds)).toFixed(2);
  const names = [...parts.map(([name]) => name), rest];
  const rows = names.map((name) => [name, ...profiles.map(([load, profile]) => cell(load, profile.get(name)))]);
  const total = profiles.map(([load, profile]) =>
    cell(
      load,
      [...profile.values()].reduce((sum, each) => sum + each, 0),
    ),
  );
  const headings = ["Milliseconds of a core, an export", ...profiles.map(([{ signal }]) => signal)];
  const rule = headings.map((_, index) => (index === 0 ? "---" : "---:"));
  return [headings, rule, ...rows, ["all", ...total]].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
