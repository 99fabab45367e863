import * as kubernetes from "@pulumi/kubernetes";
import * as path from "node:path";

import type { CollectorArgs } from "./collector";
import { hardenedContainer, resourceRequirements } from "../kubernetes/pod";

/** Mount path of the volume `queue`. */
export const queueDirectory = "/var/lib/otelcol/queue";
/** Name of the check's program in its ConfigMap. */
export const queueCheckFile = "queue-check.mjs";
const programDirectory = "/etc/queue-check";
const reportDirectory = "/var/run/queue-check";
/** Report of the check, for the collector's own metrics. Not on the queue's volume, which may be full. */
export const queueReport = path.posix.join(reportDirectory, "damaged-queues");

export const queueMount = { name: "queue", mountPath: queueDirectory };
export const reportMount = { name: "queue-report", mountPath: reportDirectory };
const programMount = { name: "queue-check", mountPath: programDirectory, readOnly: true };

/** Volumes that the check needs beside the queue's. */
export function queueCheckVolumes(program: kubernetes.core.v1.ConfigMap): kubernetes.types.input.core.v1.Volume[] {
  return [
    { name: programMount.name, configMap: { name: program.metadata.name } },
    { name: reportMount.name, emptyDir: { sizeLimit: "1Mi" } },
  ];
}

/**
 * Checks the files of the queues before the collector opens them: the collector ends at a damaged one, at each start. It
 * has the collector's resources, which costs nothing: a pod asks for what its largest init container needs, or for what
 * all others need together.
 */
export function queueCheckContainer({
  checkImage,
  resources,
}: Pick<CollectorArgs, "checkImage" | "resources">): kubernetes.types.input.core.v1.Container {
  return hardenedContainer({
    name: "queue-check",
    image: checkImage,
    command: ["node", path.posix.join(programDirectory, queueCheckFile), queueDirectory, queueReport],
    resources: resourceRequirements(resources),
    volumeMounts: [queueMount, programMount, reportMount],
  });
}
