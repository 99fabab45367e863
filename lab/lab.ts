/**
 * The lab: Kubernetes without Docker, and programs and images built from Go modules. Commands and tests reach it by this
 * file only, and it knows nothing of them.
 */

/** The cluster: one node, in namespaces of its own. */
export { type RunningNode, startNode } from "./node/node";
export { defaultForwards, type NodeOptions, type PortForward } from "./node/settings";
export { nodePhase } from "./node/state";
export { stopAbruptly, stopNode } from "./node/stop";
export { ensureParts, systemImages } from "./node/parts";

/** The machine's processes, its own among them. */
export { processIds, signalPid } from "./process-identity";
export { ifThere } from "./waiting";

/** The images that its pods may use. */
export type { ImageSpec } from "./toolchain/image-archive";
export { collectorImage, nodeImage, prometheusImage, thanosImage } from "./toolchain/images";

/** The programs, each built once per machine. */
export { ensureTools } from "./toolchain/build";
export { cacheFolder } from "./toolchain/cache";
export { ensureDebianPackages } from "./toolchain/debian";
export { ensureGoProgram } from "./toolchain/go-program";
export { withLock } from "./toolchain/lock";
export { pulumiEnvironment } from "./toolchain/pulumi-home";
export { clusterToolNames, toolGroups, toolVersion } from "./toolchain/tools";

/** Stand-ins for the parts that cannot be built. */
export {
  ensureGrafanaProviderStandIn,
  ensureGrafanaServerStandIn,
  grafanaServerStandInImage,
} from "./standins/standins";
