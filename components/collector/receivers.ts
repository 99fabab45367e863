import type { ports } from "../kubernetes/ports";
import { serverAccess } from "./access";
import type { ProcessorsArgs } from "./processors";

/** Host on which a collector's own stages listen. */
export const loopback = "127.0.0.1";

/** The ports that a collector listens on; those of its own stages on loopback only. */
export type CollectorPorts = Readonly<
  Record<Extract<keyof typeof ports, `otlp${string}` | `collector${string}`>, number>
>;

/** Receivers: one for clients, and those for the collector's own stages. */
export function receivers(
  { privacy, access = {}, remoteStore }: Pick<ProcessorsArgs, "privacy" | "access" | "remoteStore">,
  host: string,
  listen: CollectorPorts,
) {
  const server = serverAccess(access);
  const mebibytes = privacy.contents.includes("rawBodies")
    ? largestRequestMiB.withRawBodies
    : largestRequestMiB.ordinary;
  return {
    otlp: {
      protocols: {
        grpc: {
          endpoint: `${host}:${listen.otlpGrpc}`,
          ...server,
          max_recv_msg_size_mib: mebibytes,
          max_concurrent_streams: 32,
          keepalive: {
            server_parameters: {
              max_connection_idle: "5m",
              // Ends also what sends half a message and waits.
              max_connection_age: "10m",
              max_connection_age_grace: "30s",
              time: "1m",
              timeout: "20s",
            },
          },
        },
        http: {
          endpoint: `${host}:${listen.otlpHttp}`,
          ...server,
          max_request_body_size: mebibytes * 2 ** 20,
          // OTLP asks for these two. More algorithms would mean more ways to send a decompression bomb.
          compression_algorithms: ["", "gzip"],
          read_header_timeout: "10s",
          read_timeout: "30s",
          // Longer than clients pause between exports.
          idle_timeout: "5m",
        },
      },
    },
    // One for each signal. A receiver of two listens as soon as the exporters of one have started (0.155). A queue of the
    // other may still move what it had been sending, and lose a request that comes meanwhile.
    "otlp/accepted": internalReceiver(listen.collectorAccepted),
    "otlp/accepted-spans": internalReceiver(listen.collectorAcceptedSpans),
    // All signals of this one end in the same exporters.
    "otlp/merged": internalReceiver(listen.collectorMerged),
    "otlp/outgoing": internalReceiver(listen.collectorOutgoing),
    ...(remoteStore && { "otlp/remote": internalReceiver(listen.collectorRemote) }),
  };
}

/**
 * Of one client's export, before and after decompression. Ordinary ones have some kilobytes, full batches of events
 * less than this. Small, because lists in lists cost a hundred times their size while they are read.
 */
const largestRequestMiB = { ordinary: 1, withRawBodies: 4 };

/** Between two stages of a collector, in bytes. */
export const largestInternalRequest = 64 * 2 ** 20;

function internalReceiver(port: number) {
  return { protocols: { http: { endpoint: `${loopback}:${port}`, max_request_body_size: largestInternalRequest } } };
}
