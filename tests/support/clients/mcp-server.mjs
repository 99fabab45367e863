// A thin MCP server over stdio: one tool, "echo", that gives back its text. Plain JavaScript, because a client in a hurry
// does not wait for a compiler.
import * as readline from "node:readline";

const inputSchema = { type: "object", properties: { text: { type: "string" } }, required: ["text"] };

const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "scripted", version: "1.0.0" },
  }),
  "tools/list": () => ({ tools: [{ name: "echo", description: "Gives back its text", inputSchema }] }),
  "tools/call": ({ arguments: { text } }) => ({ content: [{ type: "text", text }] }),
};

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) {
    return;
  }
  const answer = answers[method];
  const outcome =
    answer === undefined ? { error: { code: -32601, message: "no such method" } } : { result: answer(params) };
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...outcome })}\n`);
});
