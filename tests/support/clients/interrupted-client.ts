import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";

import { killAtExit, waitUntil } from "../processes";
import { type ClientRun, clientEnvironment, installClient } from "./claude-client";

/** Runs a client in one process: its first reply is interrupted once its text has come, as by Esc; a second prompt ends. */
export async function runInterruptedClient(
  options: Omit<ClientRun, "prompt">,
  prompts: readonly [interrupted: string, whole: string],
): Promise<void> {
  fs.mkdirSync(options.home, { recursive: true });
  fs.mkdirSync(options.cwd, { recursive: true });
  const streams = ["--input-format", "stream-json", "--output-format", "stream-json", "--include-partial-messages"];
  const args = [
    "-p",
    "--verbose",
    "--model",
    "claude-sonnet-4-5",
    "--permission-mode",
    "bypassPermissions",
    ...streams,
  ];
  const child = spawn(await installClient(), args, {
    cwd: options.cwd,
    env: clientEnvironment(options),
    stdio: ["pipe", "pipe", "pipe"],
  });
  killAtExit(child);
  const ended = once(child, "exit");
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const send = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
  const say = (content: string) => send({ type: "user", message: { role: "user", content } });
  const results = () => output.split('"type":"result"').length - 1;
  try {
    say(prompts[0]);
    await waitUntil("the reply has begun", () => output.includes("So far."), 60_000);
    send({ type: "control_request", request_id: "stop", request: { subtype: "interrupt" } });
    await waitUntil("the interrupted turn has ended", () => results() === 1, 30_000);
    say(prompts[1]);
    await waitUntil("the second turn has ended", () => results() === 2, 60_000);
    child.stdin.end();
    await ended;
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`the client printed:\n${output}`, { cause: error });
  }
}
