import { execa } from "execa";
import { say } from "../cluster/test-cluster";
import { sleep, waitUntil } from "../support/processes";
import type { FaultStack } from "./fault-stack";

/** In MiB. */
const size = { limited: 320, grown: 640 };
/** Slow enough that the floor of a volume of 1 GiB (51 MiB) lasts for some of the probes, which come every 5 s. */
const fillMiBPerSecond = 4;

interface VolumeObject {
  readonly spec: {
    readonly volumeName?: string;
    readonly hostPath?: { readonly path: string };
    readonly local?: { readonly path: string };
  };
}

/** Prometheus' volume, put onto a file system that can become full: memory, mounted inside the test's node only. */
export class PrometheusVolume {
  private constructor(
    private readonly stack: FaultStack,
    private readonly directory: string,
  ) {}

  /** Moves the volume onto a small file system, Prometheus being down meanwhile. */
  static async limit(stack: FaultStack): Promise<PrometheusVolume> {
    const read = async (...what: string[]) =>
      JSON.parse(await stack.kubectl("get", ...what, "-o=json")) as VolumeObject;
    const { volumeName = "" } = (await read("pvc", "prod-prometheus")).spec;
    const { hostPath, local } = (await read("pv", volumeName)).spec;
    const volume = new PrometheusVolume(stack, (hostPath ?? local)!.path);
    await volume.whileDown(
      ...['cp -a "$1" /run/was', `mount -t tmpfs -o size=${size.limited}m prometheus "$1"`],
      ...['cp -a /run/was/. "$1/"', "rm -r /run/was"],
    );
    return volume;
  }

  /** Fills it little by little until nothing fits any more. */
  async fill(): Promise<void> {
    const write = `dd if=/dev/zero bs=1M count=${fillMiBPerSecond} 2>/dev/null >> "$1/ballast"`;
    const isFull = async () => (await this.freeKib()) === 0;
    const start = performance.now();
    while (!(await isFull())) {
      await this.inNode(`${write} || true`);
      await sleep(1000);
    }
    say(`Prometheus' volume is full after ${Math.round((performance.now() - start) / 1000)} s`);
  }

  /** Makes it larger, as it is done for a volume of the cluster: while it is in use. */
  async grow(): Promise<void> {
    await this.inNode(`mount -o remount,size=${size.grown}m "$1"`);
    say(`Prometheus' volume has grown; ${Math.round((await this.freeKib()) / 1024)} MiB are free`);
  }

  /** Moves what it holds back to where it was. */
  async release(): Promise<void> {
    await this.whileDown(
      ...['rm -f "$1/ballast"', 'cp -a "$1" /run/was', 'umount "$1"'],
      ...['find "$1" -mindepth 1 -delete', 'cp -a /run/was/. "$1/"', "rm -r /run/was"],
    );
  }

  private async freeKib(): Promise<number> {
    const [, free = ""] = (await this.inNode('df -k --output=avail "$1"')).trim().split("\n");
    return Number(free);
  }

  private async whileDown(...script: readonly string[]): Promise<void> {
    await this.stack.scalePrometheus(0);
    await this.inNode(["set -e", ...script].join("\n"));
    await this.stack.scalePrometheus(1);
  }

  private async inNode(script: string): Promise<string> {
    const [command = "", ...prefix] = this.stack.cluster.node.enter;
    return (await execa(command, [...prefix, "sh", "-c", script, "sh", this.directory])).stdout;
  }
}

/** Waits until Prometheus takes nothing any more, or takes everything again. */
export async function waitUntilWritable(stack: FaultStack, writable: boolean, timeoutMs: number): Promise<void> {
  const is = async () => (await stack.isWritable()) === writable;
  await waitUntil(`Prometheus ${writable ? "takes" : "takes no"} exports`, is, timeoutMs, 500);
}
