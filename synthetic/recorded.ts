import type { Attributes, Span } from "./otlp/request";
import type { Recording } from "./client-metrics";

/** An event of a client, without the attributes that all of its events have. Times by a right clock. */
export interface RecordedEvent {
  readonly name: string;
  readonly timeMs: number;
  readonly attributes: Attributes;
}

/** A span of a client, without the attributes that all of its spans have. Times by a right clock. */
export type RecordedSpan = Span;

/** All that a client counts and reports within one interval. */
export interface Recorded {
  readonly recordings: Recording[];
  readonly events: RecordedEvent[];
  readonly spans: RecordedSpan[];
}
