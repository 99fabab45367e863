import * as http from "node:http";
import { closeServer, listen, loopback } from "../loopback-ports";
import { errorBody, messageBody, messageEvents, type OutgoingMessage } from "./messages-format";
import { type MessagesRequest, parseMessagesRequest } from "./messages-request";
import type { SessionScript, Turn, Usage } from "./messages-script";

/** One request that the scripted API answered; together they are the truth that the stack is compared with. */
export interface AnsweredRequest {
  readonly at: Date;
  /** `auxiliary` for requests that belong to no script. */
  readonly script: string;
  readonly model: string;
  readonly status: number;
  /** What the answer billed; absent for errors. */
  readonly usage: Usage | undefined;
}

/** A stand-in for the Anthropic Messages API, on loopback or another address of the test's own. */
export interface MessagesApi {
  /** For `ANTHROPIC_BASE_URL`. */
  readonly url: string;
  readonly log: readonly AnsweredRequest[];
  /** Every request line seen, for finding out what a client wants. */
  readonly requestLines: readonly string[];
  /** Adds a script; its name must be new. */
  add(script: SessionScript): void;
  stop(): Promise<void>;
}

/** Answer to requests that no script covers, such as titles and summaries. */
const auxiliaryTurn: Turn = {
  kind: "answer",
  text: "ok",
  tools: [],
  usage: { input: 11, output: 3, cacheRead: 0, cacheCreation5m: 0, cacheCreation1h: 0 },
};

/**
 * Starts the stand-in and says so on stderr. It answers `/v1/messages` (streaming or not) from the scripts,
 * `/v1/messages/count_tokens` with a constant, and everything else with 404.
 *
 * @param host address to listen on; default loopback
 */
export async function startMessagesApi(host: string = loopback): Promise<MessagesApi> {
  const state = new ScriptState();
  const requestLines: string[] = [];
  const server = http.createServer((request, response) => {
    requestLines.push(`${request.method ?? "?"} ${request.url ?? "?"}`);
    respond(state, request, response).catch((error: unknown) => {
      sendJson(response, 400, errorBody("invalid_request_error", String(error)));
    });
  });
  const port = await listen(server, host, 0);
  const url = `http://${host}:${port}`;
  process.stderr.write(`messages-api: scripted stand-in for the Anthropic Messages API on ${url}\n`);
  return {
    url,
    log: state.log,
    requestLines,
    add: (script) => {
      state.add(script);
    },
    stop: async () => {
      server.closeAllConnections();
      await closeServer(server);
    },
  };
}

/** The scripts, how far each has been played, and what was answered. */
class ScriptState {
  readonly log: AnsweredRequest[] = [];
  private readonly remaining = new Map<string, Turn[]>();

  add(script: SessionScript): void {
    if (this.remaining.has(script.name)) {
      throw new Error(`script "${script.name}" was added before; expected a new name`);
    }
    this.remaining.set(script.name, [...script.turns]);
  }

  /** The turn that answers this request. Throws if its script is unknown or played to its end. */
  next(request: MessagesRequest): Turn {
    if (request.script === undefined) {
      return auxiliaryTurn;
    }
    const turn = this.remaining.get(request.script)?.shift();
    if (turn === undefined) {
      throw new Error(`script "${request.script}" is unknown or has no turn left`);
    }
    return turn;
  }

  record(request: MessagesRequest, status: number, usage: Usage | undefined): void {
    const script = request.script ?? "auxiliary";
    this.log.push({ at: new Date(), script, model: request.model, status, usage });
  }
}

async function respond(state: ScriptState, request: http.IncomingMessage, response: http.ServerResponse) {
  const path = (request.url ?? "/").split("?")[0];
  const body = await readBody(request);
  if (path === "/v1/messages/count_tokens") {
    sendJson(response, 200, { input_tokens: 100 });
    return;
  }
  if (path !== "/v1/messages" || request.method !== "POST") {
    sendJson(response, request.method === "HEAD" ? 200 : 404, errorBody("not_found_error", `no ${path ?? ""} here`));
    return;
  }
  const parsed = parseMessagesRequest(body);
  const turn = state.next(parsed);
  if (turn.kind === "error") {
    state.record(parsed, turn.status, undefined);
    sendJson(response, turn.status, errorBody(turn.errorType, "scripted error"));
    return;
  }
  state.record(parsed, 200, turn.usage);
  const id = `msg_${String(state.log.length).padStart(6, "0")}`;
  sendMessage(response, parsed.stream, { id, model: parsed.model, turn });
}

function sendMessage(response: http.ServerResponse, stream: boolean, message: OutgoingMessage): void {
  if (!stream) {
    sendJson(response, 200, messageBody(message));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream", "request-id": `req_${message.id}` });
  response.write(messageEvents(message));
  if (message.turn.endless !== true) {
    response.end();
  }
}

function sendJson(response: http.ServerResponse, status: number, body: Record<string, unknown>): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
