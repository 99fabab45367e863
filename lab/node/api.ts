import * as fs from "node:fs";
import * as https from "node:https";

import { z } from "zod";

const kubeconfigSchema = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), "certificate-authority-data": z.string() }) }),
  ]),
  users: z.tuple([
    z.object({ user: z.object({ "client-certificate-data": z.string(), "client-key-data": z.string() }) }),
  ]),
});

/** An answer of the API server. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** Reads from a node's API server, as the user of a kubeconfig that this program wrote. */
export class ApiClient {
  private readonly server: string;
  private readonly tls: { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer };

  public constructor(kubeconfig: string) {
    const config = kubeconfigSchema.parse(JSON.parse(fs.readFileSync(kubeconfig, "utf8")));
    const { cluster } = config.clusters[0];
    const { user } = config.users[0];
    this.server = cluster.server;
    this.tls = {
      ca: Buffer.from(cluster["certificate-authority-data"], "base64"),
      cert: Buffer.from(user["client-certificate-data"], "base64"),
      key: Buffer.from(user["client-key-data"], "base64"),
    };
  }

  /** One GET request, at most 5 s. */
  public async get(path: string): Promise<ApiAnswer> {
    return new Promise((resolve, reject) => {
      const request = https.get(`${this.server}${path}`, { ...this.tls, agent: false, timeout: 5000 }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
        });
      });
      request.on("timeout", () => request.destroy(new Error(`${path}: no answer within 5 s`)));
      request.on("error", reject);
    });
  }

  /** Reads an object. @throws Error unless it is there and has the expected shape. */
  public async read<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
    const answer = await this.get(path);
    if (answer.status !== 200) {
      throw new Error(`GET ${path}: status ${answer.status}; expected 200`);
    }
    return schema.parse(JSON.parse(answer.body));
  }

  /** Whether the API server says that it is ready. */
  public async isReady(): Promise<boolean> {
    return (await this.get("/readyz")).status === 200;
  }
}
