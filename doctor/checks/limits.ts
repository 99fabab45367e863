import { Check, ok, warning } from "./check";
import { EffectiveSettings, valueOf } from "./effective";

/** Limits of OpenTelemetry's SDK, which the client goes by: they cut values, or leave attributes off (2.1.332). */
const limits: readonly string[] = ["ATTRIBUTE", "LOGRECORD_ATTRIBUTE", "SPAN_ATTRIBUTE"].flatMap((kind) =>
  ["VALUE_LENGTH", "COUNT"].map((limit) => `OTEL_${kind}_${limit}_LIMIT`),
);

const samplerKey = "OTEL_TRACES_SAMPLER";
/** The others keep every trace; so does a name that the client does not know. */
const leavingOut: readonly string[] = [
  "always_off",
  "parentbased_always_off",
  "traceidratio",
  "parentbased_traceidratio",
];

/** Settings by which the client itself leaves something out before it sends. */
export function limitChecks(effective: EffectiveSettings): Check[] {
  const set = limits.flatMap((key) => {
    const value = valueOf(effective, key) ?? "";
    return value === "" ? [] : [{ key, value }];
  });
  const cuts = set.map(({ key, value }) => {
    const effect = key.includes("COUNT") ? "leaves off attributes beyond that number" : "cuts longer values";
    return warning("limits", `${key} is "${value}": the client ${effect}`, `Remove ${key}.`);
  });
  const sampler = valueOf(effective, samplerKey) ?? "";
  if (leavingOut.includes(sampler)) {
    const cure = `Remove ${samplerKey}, or set it to "parentbased_always_on". No amount depends on traces.`;
    cuts.push(warning("limits", `${samplerKey} is "${sampler}", so traces are missing`, cure));
  }
  return cuts.length === 0 ? [ok("limits", "the client sends every attribute and every trace")] : cuts;
}
