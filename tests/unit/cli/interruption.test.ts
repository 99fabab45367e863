import { spawn } from "node:child_process";
import assert from "node:assert/strict";
import { once } from "node:events";
import * as path from "node:path";

import { repository } from "../../../cli/repository";
import { killAtExit, waitUntil } from "../../support/processes";

describe("Ctrl-C while the engine works", function () {
  this.timeout(120_000);

  /** Starts the engine in a process group of its own, and signals it when it is there. @returns what it printed */
  async function interrupted(signal: (pid: number) => void): Promise<string> {
    const program = path.join(__dirname, "interrupted-engine.ts");
    const args = ["--require", path.join(repository, "cli/typescript.cjs"), program];
    const child = spawn(process.execPath, args, { detached: true, stdio: ["ignore", "pipe", "inherit"] });
    killAtExit(child);
    let printed = "";
    child.stdout.on("data", (text: Buffer) => (printed += text.toString()));
    const ended = once(child, "exit");
    await waitUntil("the engine has started", () => printed.includes("started"), 60_000);
    signal(child.pid!);
    assert.deepEqual(await ended, [0, null]);
    return printed;
  }

  it("reaches it once where the terminal signals all processes, and npm the command once more", async () => {
    const printed = await interrupted((pid) => {
      process.kill(-pid, "SIGINT");
      process.kill(pid, "SIGINT");
    });
    assert.match(printed, /^signals: 1$/m);
  });

  it("reaches it where the command alone is signalled", async () => {
    const printed = await interrupted((pid) => {
      process.kill(pid, "SIGTERM");
      process.kill(pid, "SIGTERM");
    });
    assert.match(printed, /^signals: 1$/m);
  });
});
