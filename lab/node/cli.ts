/** Entry point: starts, stops and shows the single-node cluster without the stack on it. */
import { parseArgs } from "node:util";

import { nodeStatus, startNode, stopNode } from "./node";
import { defaultNodeName, type PortForward } from "./settings";

const help = `Usage: npx ts-node lab/node/cli.ts <command> [options]

A single-node Kubernetes cluster in network, PID and mount namespaces of its own. Linux, as root.

Commands:
  up          start the node, or say that it runs already
  down        stop it, and remove its objects, volumes and images
  status      show what runs; exit status 0 if the node runs and its API server is ready
  kubeconfig  print the path of its kubeconfig

Options:
  --name N             the node's name; default ${defaultNodeName}
  --state DIRECTORY    where its files lie; default: nodes/<name> in the cache folder
  --forward HOST:NODE  (up) loopback port HOST leads to node port NODE; may be repeated; none: --forward none;
                       default: 30000, 30317 and 30318, each to the same node port
  --keep-data          (down) keep objects, volumes and images for the next up
  --help               show this text`;

function readForwards(texts: readonly string[] | undefined): readonly PortForward[] | undefined {
  if (texts?.length === 1 && texts[0] === "none") {
    return [];
  }
  return texts?.map((text) => {
    const [hostPort = NaN, nodePort = NaN] = text.split(":").map(Number);
    if (![hostPort, nodePort].every((port) => Number.isInteger(port) && port > 0 && port < 65536)) {
      throw new Error(`--forward ${text}: expected HOST:NODE, two ports from 1 to 65535`);
    }
    return { hostPort, nodePort };
  });
}

function log(line: string): void {
  console.error(line);
}

async function showStatus(name: string | undefined, stateDirectory: string | undefined): Promise<void> {
  const status = await nodeStatus(name, stateDirectory);
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

async function main(words: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      name: { type: "string" },
      state: { type: "string" },
      forward: { type: "string", multiple: true },
      "keep-data": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const name = values.name ?? defaultNodeName;
  const state = values.state === undefined ? {} : { stateDirectory: values.state };
  const [command = "", ...rest] = positionals;
  if (values.help) {
    console.log(help);
  } else if (command === "up" && rest.length === 0) {
    const forwards = readForwards(values.forward);
    const node = await startNode({ name, ...state, ...(forwards === undefined ? {} : { forwards }), log });
    console.log(`export KUBECONFIG=${node.kubeconfig}`);
  } else if (command === "down" && rest.length === 0) {
    await stopNode(name, { ...state, keepData: values["keep-data"], log });
  } else if (command === "status" && rest.length === 0) {
    await showStatus(name, values.state);
  } else if (command === "kubeconfig" && rest.length === 0) {
    console.log((await nodeStatus(name, values.state)).kubeconfig);
  } else {
    throw new Error(
      `expected one command: up, down, status or kubeconfig; found "${positionals.join(" ")}".\n\n${help}`,
    );
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
