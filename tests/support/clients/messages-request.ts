import { scriptNameIn } from "./messages-script";

/** What the scripted API reads of a request to `/v1/messages`. */
export interface MessagesRequest {
  readonly model: string;
  readonly stream: boolean;
  /** Script selected by the newest prompt in the conversation; absent for requests that hold no prompt of a script. */
  readonly script: string | undefined;
  readonly maxTokens: number;
}

/** Reads a request body. Throws if it is not JSON of the Messages API. */
export function parseMessagesRequest(body: string): MessagesRequest {
  const request: unknown = JSON.parse(body);
  if (!isRecord(request) || typeof request["model"] !== "string" || !Array.isArray(request["messages"])) {
    throw new Error(`request to /v1/messages lacks "model" or "messages": ${body.slice(0, 200)}`);
  }
  return {
    model: request["model"],
    stream: request["stream"] === true,
    script: newestScript(request["messages"]),
    maxTokens: typeof request["max_tokens"] === "number" ? request["max_tokens"] : 0,
  };
}

/** Only what a user wrote counts: tool inputs and results quote the prompts of subagents. */
function newestScript(messages: readonly unknown[]): string | undefined {
  for (const message of [...messages].reverse()) {
    if (!isRecord(message) || message["role"] !== "user") {
      continue;
    }
    const name = scriptNameIn(userText(message["content"]));
    if (name !== undefined) {
      return name;
    }
  }
  return undefined;
}

function userText(content: unknown): string {
  if (typeof content === "string") {
    return content;
  }
  const blocks: unknown[] = Array.isArray(content) ? content : [];
  return blocks.map((block) => (isRecord(block) && block["type"] === "text" ? String(block["text"]) : "")).join("\n");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
