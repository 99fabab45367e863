import * as fs from "node:fs";
import * as path from "node:path";
import type { RemoteStore } from "../../../components/prometheus/remote-store";
import { freePorts, loopback } from "../loopback-ports";
import { type ManagedProcess, startProcess, waitUntilServing } from "../processes";
import { PrometheusReader } from "./prometheus-reader";
import { queryFlags, receiveFlags, untilQueryable } from "./thanos";

/** The real Thanos, Receive and Query, as plain processes on loopback: the distributed store of the scale tests. */
export class ThanosStore {
  private receive: ManagedProcess | undefined;
  private query: ManagedProcess | undefined;
  /** Reads through Thanos Query. */
  readonly reader: PrometheusReader;

  private constructor(
    private readonly binary: string,
    private readonly directory: string,
    private readonly ports: Readonly<
      Record<"write" | "capnproto" | "receiveGrpc" | "receiveHttp" | "queryGrpc" | "queryHttp", number>
    >,
    private readonly outOfOrderTimeWindow: string,
  ) {
    this.reader = new PrometheusReader(`http://${loopback}:${ports.queryHttp}`);
  }

  /**
   * Chooses ports and a folder; does not start it yet.
   *
   * @param outOfOrderTimeWindow in Prometheus' notation; at least the stack's own
   */
  static async prepare(binary: string, directory: string, outOfOrderTimeWindow: string): Promise<ThanosStore> {
    const [write = 0, capnproto = 0, receiveGrpc = 0, receiveHttp = 0, ...query] = await freePorts(6);
    const [queryGrpc = 0, queryHttp = 0] = query;
    fs.mkdirSync(path.join(directory, "thanos"), { recursive: true });
    const ports = { write, capnproto, receiveGrpc, receiveHttp, queryGrpc, queryHttp };
    return new ThanosStore(binary, path.join(directory, "thanos"), ports, outOfOrderTimeWindow);
  }

  /** How the stack is told of it. */
  get remoteStore(): RemoteStore {
    const url = `http://${loopback}:${this.ports.write}/api/v1`;
    return { otlpUrl: `${url}/otlp`, writeUrl: `${url}/receive`, auth: { kind: "none" } };
  }

  /** Starts both. Query does not reach Receive before that has received something. */
  async start(): Promise<void> {
    await this.startReceive();
    const flags = [...queryFlags(`${loopback}:${this.ports.receiveGrpc}`), ...this.addresses("query")];
    this.query = await this.run("query", flags);
    await waitUntilServing(this.query, `${this.reader.url}/-/ready`);
  }

  /** Starts Receive, on the data it had. */
  async startReceive(): Promise<void> {
    const flags = [
      ...receiveFlags(path.join(this.directory, "data"), this.outOfOrderTimeWindow),
      `--remote-write.address=${loopback}:${this.ports.write}`,
      `--receive.capnproto-address=${loopback}:${this.ports.capnproto}`,
      ...this.addresses("receive"),
    ];
    this.receive = await this.run("receive", flags);
    await waitUntilServing(this.receive, `http://${loopback}:${this.ports.receiveHttp}/-/ready`);
  }

  /** Waits until Query has found Receive. */
  async queryable(): Promise<void> {
    await untilQueryable(this.reader);
  }

  /** Ends Receive as Kubernetes does; Query stays. */
  async stopReceive(): Promise<void> {
    await this.receive?.stop(30_000);
  }

  /** Ends Receive at once; Query stays. */
  async killReceive(): Promise<void> {
    this.receive?.signal("SIGKILL");
    await this.receive?.ended;
  }

  /** Ends both. */
  async stop(): Promise<void> {
    await this.query?.stop();
    await this.receive?.stop(30_000);
  }

  private addresses(name: "receive" | "query"): string[] {
    return [
      `--http-address=${loopback}:${this.ports[`${name}Http`]}`,
      `--grpc-address=${loopback}:${this.ports[`${name}Grpc`]}`,
    ];
  }

  private run(name: "receive" | "query", flags: readonly string[]): Promise<ManagedProcess> {
    const logFile = path.join(this.directory, `${name}.log`);
    return startProcess({ name: `thanos ${name}`, command: this.binary, args: [name, ...flags], logFile });
  }
}
