/** Entry point: runs an engine that ends when it is signalled, and prints how often it was. */
import { execa } from "execa";

import { interruptibly } from "../../../cli/interruption";

const engine = `
count=0
trap 'count=$((count + 1)); echo "^C received; cancelling"' INT
echo started
while [ "$count" -eq 0 ]; do sleep 0.1; done
sleep 5
echo "signals: $count"
`;

void interruptibly(
  async ({ signal, onOutput }) => {
    const child = execa("bash", ["-c", engine], { stdout: ["pipe", "inherit"] });
    child.stdout.on("data", (text: Buffer) => {
      onOutput(text.toString());
    });
    signal.addEventListener("abort", () => child.kill("SIGINT"));
    await child;
  },
  undefined,
  1500,
);
