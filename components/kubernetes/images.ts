/**
 * Every container image of the stack, pinned once. The toolchain builds the same versions from source for clusters
 * that cannot pull (a unit test holds the two equal).
 */
export const images = {
  /** OpenTelemetry Collector, contrib; its binary is `/otelcol-contrib`. Go's module proxy lacks parts of newer ones. */
  collector: "docker.io/otel/opentelemetry-collector-contrib:0.155.0",
  prometheus: "docker.io/prom/prometheus:v3.16.0",
  grafana: "docker.io/grafana/grafana:13.2.2",
  loki: "docker.io/grafana/loki:3.7.8",
  /** Not 3: it takes other configuration keys, has other parts, and does not go back. */
  tempo: "docker.io/grafana/tempo:2.10.8",
  /** Runs the check of the queues' files. */
  node: "docker.io/library/node:24.21.0-alpine",
} as const;

/** A component that has an image. */
export type ImageName = keyof typeof images;

/**
 * Registry and path, tag, and digest of an image, e.g. `registry.example.com:5000/prom/prometheus:v3.16.0@sha256:…`. The
 * tag is also the value of a label, which is shorter than a tag may be.
 */
export const imageReference =
  /^[a-z0-9][a-z0-9.-]*(:\d{1,5})?(\/[a-z0-9][a-z0-9._-]*)*:(?<tag>\w([\w.-]{0,61}\w)?)(@sha256:[0-9a-f]{64})?$/;

/** The tag of an image reference such as `docker.io/prom/prometheus:v3.16.0`, with or without a digest. */
export function imageTag(image: string): string {
  const tag = imageReference.exec(image)?.groups?.["tag"];
  if (tag === undefined) {
    throw new Error(`image "${image}" has no tag; expected <name>:<tag>`);
  }
  return tag;
}
