import type { FuzzCase } from "./cases";
import type { Answer } from "./client";

/** A case whose answer was wrong. */
export interface Fault {
  readonly number: number;
  readonly what: string;
}

/** Longest wait for an answer that is no hang. */
const longestAnswerMs = 10_000;
/** The receiver's own words where it does not know in which format to answer: it refuses, but says 500. */
const knownRefusal = "failed to marshal error message";

/** Counts answers, and keeps those that are wrong. */
export class Tally {
  private readonly counts = new Map<string, Map<string, number>>();
  readonly faults: Fault[] = [];
  longestMs = 0;

  add(fuzzCase: FuzzCase, answer: Answer): void {
    const ofKind = this.counts.get(fuzzCase.kind) ?? new Map<string, number>();
    this.counts.set(fuzzCase.kind, ofKind.set(answer.status, (ofKind.get(answer.status) ?? 0) + 1));
    this.longestMs = Math.max(this.longestMs, fuzzCase.expected === "closed" ? 0 : answer.waitedMs);
    const wrong = faultOf(fuzzCase, answer);
    if (wrong !== undefined) {
      const told = `${answer.status} ${answer.message.slice(0, 100)}`;
      this.faults.push({ number: fuzzCase.number, what: `${fuzzCase.kind} (${fuzzCase.signal}): ${wrong}: ${told}` });
    }
  }

  get total(): number {
    return [...this.counts.values()].flatMap((ofKind) => [...ofKind.values()]).reduce((sum, count) => sum + count, 0);
  }

  /** A row for each kind. */
  table(): string {
    const statuses = [...new Set([...this.counts.values()].flatMap((ofKind) => [...ofKind.keys()]))].sort();
    const width = Math.max(...[...this.counts.keys()].map((kind) => kind.length));
    const row = (name: string, cells: readonly string[]) =>
      `    ${name.padEnd(width)}${cells.map((cell, index) => cell.padStart((statuses[index] ?? "").length + 2)).join("")}`;
    const rows = [...this.counts].sort(([one], [other]) => one.localeCompare(other));
    return [
      row("", statuses),
      ...rows.map(([kind, counts]) =>
        row(
          kind,
          statuses.map((status) => String(counts.get(status) ?? "")),
        ),
      ),
    ].join("\n");
  }
}

function faultOf({ expected, kind, request }: FuzzCase, { status, message, waitedMs }: Answer): string | undefined {
  if (status === "hangs" || status === "grpc DEADLINE_EXCEEDED") {
    return "no end";
  }
  if (expected === "closed") {
    return undefined;
  }
  if (waitedMs > longestAnswerMs) {
    return `answered after ${Math.round(waitedMs)} ms`;
  }
  const taken = status === "200" || status === "grpc OK";
  if (taken) {
    return expected === "refused" ? "taken" : undefined;
  }
  if (request.transport === "grpc") {
    // gRPC's own word for a message that cannot be read is INTERNAL.
    const refusals = ["grpc INVALID_ARGUMENT", "grpc RESOURCE_EXHAUSTED", "grpc UNIMPLEMENTED"];
    const unreadable = status === "grpc INTERNAL" && message.includes("unmarshal");
    return (refusals.includes(status) || unreadable) && message !== "" ? undefined : "not a clear refusal";
  }
  const written = request.pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (status === "closed" && written > 2 ** 17) {
    // What was not read when the connection ended resets it, and the reset may overtake the answer.
    return undefined;
  }
  // HTTP's own words for a transfer encoding and a version that are not known.
  const refused = /^(4\d\d|501|505)$/.test(status) || (status === "500" && message.includes(knownRefusal));
  // What is no HTTP has nobody who reads a message.
  return refused && (message !== "" || kind === "no HTTP") ? undefined : "not a clear refusal";
}
