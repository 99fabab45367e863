import * as http from "node:http";
import * as https from "node:https";
import { sleep } from "../processes";

/** How sending one export ended. */
export interface SendResult {
  /**
   * `accepted`: answered 2xx. `refused`: every try was answered, none with 2xx, so nothing of it may be stored.
   * `unknown`: at least one try got no answer, so it may or may not be stored.
   */
  readonly outcome: "accepted" | "refused" | "unknown";
  /** Status of every try; 0 for no answer. */
  readonly statuses: readonly number[];
}

/** Tries, and pauses between them, of the real client: 5 tries in about 8 s, only after these answers. */
const clientRetryPausesMs = [1000, 1500, 2250, 3375] as const;
const retryableStatuses: readonly number[] = [0, 429, 502, 503, 504];

/** What lets a sender in. */
export interface SenderAccess {
  /** Of every request, asked for each time. Default: none. */
  readonly authorization?: () => string;
  /** What the receiver's certificate is signed by, PEM. Default: the system's authorities. */
  readonly ca?: string;
}

/** Sends OTLP/JSON over HTTP, as the real client does. */
export class OtlpSender {
  private readonly agent: http.Agent;

  /** @param url base URL of the receiver; `/v1/<signal>` is appended */
  constructor(
    private readonly url: string,
    private readonly access: SenderAccess = {},
  ) {
    const options = { keepAlive: true, maxSockets: 64 };
    this.agent = url.startsWith("https:")
      ? new https.Agent({ ...options, ...(access.ca === undefined ? {} : { ca: access.ca }) })
      : new http.Agent(options);
  }

  /** One try. Gives the status and the body of the answer; status 0 if there was none. */
  async post(signal: "metrics" | "logs" | "traces", body: string | Buffer): Promise<{ status: number; body: string }> {
    return new Promise((resolve) => {
      const noAnswer = (error: Error): void => {
        resolve({ status: 0, body: error.message });
      };
      const { request: send } = this.url.startsWith("https:") ? https : http;
      const authorization = this.access.authorization?.();
      const request = send(`${this.url}/v1/${signal}`, {
        method: "POST",
        agent: this.agent,
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          ...(authorization === undefined ? {} : { authorization }),
        },
        timeout: 10_000,
      });
      request.once("timeout", () => request.destroy(new Error("no answer in 10 s")));
      request.once("error", noAnswer);
      request.once("response", (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.once("error", noAnswer);
        response.once("end", () => {
          resolve({ status: response.statusCode ?? 0, body: text });
        });
      });
      request.end(body);
    });
  }

  /** Sends an export, and the identical payload again after retryable answers, until the client would give up. */
  async send(signal: "metrics" | "logs" | "traces", body: string): Promise<SendResult> {
    const statuses: number[] = [];
    for (const pause of [...clientRetryPausesMs, undefined]) {
      const { status } = await this.post(signal, body);
      statuses.push(status);
      if (status >= 200 && status < 300) {
        return { outcome: "accepted", statuses };
      }
      if (pause === undefined || !retryableStatuses.includes(status)) {
        break;
      }
      await sleep(pause);
    }
    return { outcome: statuses.includes(0) ? "unknown" : "refused", statuses };
  }

  /** Closes idle connections. */
  close(): void {
    this.agent.destroy();
  }
}
