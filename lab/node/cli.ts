/** Entry point: starts, stops and shows the single-node cluster without the stack on it. */
import { Command, InvalidArgumentError } from "commander";

import { startNode } from "./node";
import { defaultNodeName, type PortForward } from "./settings";
import { nodeStatus } from "./status";
import { stopNode } from "./stop";

interface Options {
  readonly name: string;
  readonly state?: string;
  readonly forward?: readonly PortForward[];
  readonly install: boolean;
  readonly keepData: boolean;
}

function readForward(text: string, forwards: readonly PortForward[] = []): readonly PortForward[] {
  if (text === "none") {
    return forwards;
  }
  const [hostPort = NaN, nodePort = NaN] = text.split(":").map(Number);
  if (![hostPort, nodePort].every((port) => Number.isInteger(port) && port > 0 && port < 65536)) {
    throw new InvalidArgumentError("expected HOST:NODE, two ports from 1 to 65535");
  }
  return [...forwards, { hostPort, nodePort }];
}

function log(line: string): void {
  console.error(line);
}

async function up({ name, state, forward, install }: Options): Promise<void> {
  const node = await startNode({ name, stateDirectory: state, forwards: forward, install, log });
  console.log(`export KUBECONFIG=${node.kubeconfig}`);
}

async function down({ name, state, keepData }: Options): Promise<void> {
  await stopNode(name, { stateDirectory: state, keepData, log });
}

async function showStatus({ name, state }: Options): Promise<void> {
  const status = await nodeStatus(name, state);
  const lines = [
    `node ${status.name}: ${status.phase}${status.ended.length > 0 ? ` (ended: ${status.ended.join(", ")})` : ""}`,
    `API server: ${status.apiReady ? "ready" : "not ready"}`,
    `state directory: ${status.stateDirectory}`,
  ];
  if (status.phase === "running" || status.phase === "broken") {
    const forwards = status.forwards.map(({ hostPort, nodePort }) => `localhost:${hostPort} -> ${nodePort}`);
    lines.push(`kubeconfig: ${status.kubeconfig}`, `address: ${status.nodeAddress ?? ""}`);
    lines.push(`forwards: ${forwards.join(", ")}`, `images: ${status.images.join(", ")}`);
  }
  console.log(lines.join("\n"));
  process.exitCode = status.phase === "running" && status.apiReady ? 0 : 1;
}

const program = new Command("npx ts-node lab/node/cli.ts").description(
  "A single-node Kubernetes cluster in network, PID and mount namespaces of its own. Linux, as root.",
);

function command(name: string, description: string, action: (options: Options) => Promise<void>): Command {
  return program
    .command(name)
    .description(description)
    .option("--name <name>", "the node's name", defaultNodeName)
    .option("--state <directory>", "where its files lie; default: nodes/<name> in the cache folder")
    .action(action);
}

command("up", "start the node, or say that it runs already", up)
  .option(
    "--forward <host:node>",
    "loopback port HOST leads to node port NODE; may be repeated; none: no port; default: 30000, 30317 and 30318",
    readForward,
  )
  .option("--install", "install the Debian packages that lack", false);
command("down", "stop it, and remove its objects, volumes and images", down).option(
  "--keep-data",
  "keep objects, volumes and images for the next up",
  false,
);
command("status", "show what runs; exit status 0 if the node runs and its API server is ready", showStatus);

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
