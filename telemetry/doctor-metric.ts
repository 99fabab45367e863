import type { Metric } from "./metric";

/** The metric that the doctor sends. It is its own, so that no dashboard or alert counts it. */
export const doctorMetric = {
  name: "claude_code.doctor.check",
  unit: "",
  prometheus: "claude_code_doctor_check_total",
} as const satisfies Metric;

/** The attribute that tells one run of the doctor from another. */
export const doctorIdAttribute = "doctor.id";
