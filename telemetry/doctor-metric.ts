import { counter } from "./metric";

/** The metric that the doctor sends. It is its own, so that no dashboard or alert counts it. */
export const doctorMetric = counter("claude_code.doctor.check");

/** The attribute that tells one run of the doctor from another. */
export const doctorIdAttribute = "doctor.id";
