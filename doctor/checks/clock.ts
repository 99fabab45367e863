import { Check, failed, ok, warning } from "./check";

const warnAfterSeconds = 4 * 60;
const failAfterSeconds = 5 * 60;

/** Time that a server gave, and the moment of the request. */
export interface TimeAnswer {
  readonly date: string;
  /** This machine's time between question and answer, in milliseconds since 1970. */
  readonly localMs: number;
}

/** Compares this machine's clock with a server's. */
export function clockCheck(answer: TimeAnswer | undefined): Check {
  const remoteMs = answer === undefined ? Number.NaN : Date.parse(answer.date);
  if (answer === undefined || Number.isNaN(remoteMs)) {
    const cure = "Give --prometheus URL, whose answers carry the time, or compare by hand.";
    return warning("clock", "was not compared: no answer carries the time (over gRPC collectors send none)", cure);
  }
  // The header has whole seconds, cut off.
  const aheadSeconds = Math.round((answer.localMs - remoteMs - 500) / 1000);
  const off = Math.abs(aheadSeconds);
  const told = `${off} s ${aheadSeconds < 0 ? "behind" : "ahead of"} the server`;
  const cure = "Switch on setting the clock from the network (NTP).";
  if (off > failAfterSeconds) {
    return failed("clock", `${told}: its data is counted when it arrives, not when it was`, cure);
  }
  return off > warnAfterSeconds
    ? warning("clock", told, cure)
    : ok("clock", off === 0 ? "agrees with the server" : told);
}
