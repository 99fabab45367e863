import * as fs from "node:fs";
import * as http from "node:http";
import * as https from "node:https";

import { basicAuthorization } from "../../client/authorization";
import type { AccessFiles } from "./load-access";

export type Signal = "metrics" | "logs" | "traces";

/** Sends as fast as it is answered, on connections that stay open. */
export class LoadSender {
  private readonly agent: http.Agent;
  private readonly module: typeof http | typeof https;
  private readonly headers: Readonly<Record<string, string>>;

  /** @param port of the collector, or of what spreads over several */
  constructor(
    private readonly port: number,
    readonly connections: number,
    { login, tls }: AccessFiles,
  ) {
    const options = { keepAlive: true, maxSockets: connections };
    this.agent =
      tls === undefined ? new http.Agent(options) : new https.Agent({ ...options, ca: fs.readFileSync(tls.certFile) });
    this.module = tls === undefined ? http : https;
    this.headers = {
      "content-type": "application/json",
      ...(login === undefined ? {} : { authorization: basicAuthorization(login.user, login.password) }),
    };
  }

  /** Gives the status; 0 for no answer. */
  async post(signal: Signal, body: string): Promise<number> {
    return new Promise((resolve) => {
      const request = this.module.request({
        host: "127.0.0.1",
        port: this.port,
        path: `/v1/${signal}`,
        method: "POST",
        agent: this.agent,
        headers: { ...this.headers, "content-length": Buffer.byteLength(body) },
        timeout: 30_000,
      });
      request.once("timeout", () => request.destroy(new Error("no answer")));
      request.once("error", () => {
        resolve(0);
      });
      request.once("response", (response) => {
        response.resume();
        response.once("end", () => {
          resolve(response.statusCode ?? 0);
        });
      });
      request.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
