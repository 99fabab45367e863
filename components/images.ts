/**
 * Every container image of the stack, pinned once. The toolchain builds the same versions from source for clusters
 * that cannot pull (a unit test holds the two equal).
 */
export const images = {
  /** OpenTelemetry Collector, contrib distribution; its binary is `/otelcol-contrib`. */
  collector: "docker.io/otel/opentelemetry-collector-contrib:0.155.0",
  prometheus: "docker.io/prom/prometheus:v3.16.0",
  grafana: "docker.io/grafana/grafana:12.3.0",
} as const;

/** The tag of an image reference such as `docker.io/prom/prometheus:v3.16.0`. */
export function imageTag(image: string): string {
  const tag = image.slice(image.lastIndexOf(":") + 1);
  if (tag === image || tag.includes("/")) {
    throw new Error(`image "${image}" has no tag; expected <name>:<tag>`);
  }
  return tag;
}
