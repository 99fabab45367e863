import * as http from "node:http";

import { closeServer, listen, loopback } from "../loopback-ports";

const marker = /<export (\d+)>/g;

/** Signals of the exports, in turn. */
export const signals = ["logs", "metrics"] as const;

/** An export that its number can be found in, wherever it is stored. */
export function markedExport(number: number, bytes: number): { readonly signal: string; readonly body: string } {
  const text = `<export ${number}>`;
  const padding = `${text}${`${number}.`.repeat(bytes)}`.slice(0, bytes + text.length);
  const timeUnixNano = `${BigInt(Date.now()) * 1_000_000n}`;
  const signal = signals[number % signals.length]!;
  const content =
    signal === "logs"
      ? { resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano, body: { stringValue: padding } }] }] }] }
      : {
          resourceMetrics: [
            { scopeMetrics: [{ metrics: [{ name: padding, gauge: { dataPoints: [{ timeUnixNano, asInt: "1" }] } }] }] },
          ],
        };
  return { signal, body: JSON.stringify(content) };
}

/** Receiver of a queue's exports, which it takes or refuses. */
export class ExportSink {
  /** Numbers of the exports that were taken, by the path to which they were sent, in their order. */
  readonly taken = new Map<string, number[]>();
  takes = true;
  private readonly server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (this.takes) {
        this.take(request.url ?? "", Buffer.concat(chunks));
      }
      response.writeHead(this.takes ? 200 : 503).end();
    });
  });

  private constructor() {}

  static async start(port: number): Promise<ExportSink> {
    const sink = new ExportSink();
    await listen(sink.server, loopback, port);
    return sink;
  }

  /** Exports that were taken below a path. */
  below(prefix: string): number[] {
    return [...this.taken].filter(([path]) => path.startsWith(prefix)).flatMap(([, numbers]) => numbers);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await closeServer(this.server);
  }

  private take(path: string, body: Buffer): void {
    const numbers = [...body.toString("latin1").matchAll(marker)].map(([, number]) => Number(number));
    this.taken.set(path, [...(this.taken.get(path) ?? []), ...numbers]);
  }
}

/** Places of an export's bytes in a file. Each is a copy; only one of them is in the queue. */
export function copiesOf(
  file: Buffer,
  number: number,
  bytes: number,
): { readonly start: number; readonly end: number }[] {
  const text = `<export ${number}>`;
  const copies: { start: number; end: number }[] = [];
  for (let start = file.indexOf(text); start >= 0; start = file.indexOf(text, start + 1)) {
    copies.push({ start, end: start + text.length + bytes });
  }
  return copies;
}
