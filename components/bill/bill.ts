import * as path from "node:path";

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { bundleBill } from "../../bill/bundle";
import type { BillSettings } from "../../bill/settings";
import { hour } from "../../units";
import { pseudonymKeyVariable } from "../collector/identity";
import { cronJob } from "../kubernetes/cron-job";
import { type ComponentArgs, componentIdentity } from "../kubernetes/labels";
import { billName, storeUrls } from "../kubernetes/names";
import {
  hardenedContainer,
  hardenedPod,
  nodeUser,
  resourceRequirements,
  type Resources,
  variableFromSecret,
} from "../kubernetes/pod";
import { immutableConfigMap, immutableSecret } from "../kubernetes/workload";

/** Inputs of {@link Bill}. The image is Node.js'. */
export interface BillArgs extends ComponentArgs {
  /** Key of the provider's API. */
  readonly key: pulumi.Input<string>;
  /** Key of pseudonyms. Default: people keep their names. */
  readonly pseudonymKey?: pulumi.Input<string>;
  /** Schedule in cron's notation, in UTC. */
  readonly schedule: string;
  /** Settings of the job, without the addresses of the stack's own Prometheus. */
  readonly settings: Omit<BillSettings, "prometheusUrl" | "prometheusOtlpUrl" | "requestsPerMinute" | "retryPauseMs">;
}

const programDirectory = "/etc/bill";
const keyDirectory = "/etc/bill-key";
const programFile = "bill.mjs";
const settingsFile = "settings.json";
const keyFile = "key";
/** The provider's limit, with room for who else asks it. */
const requestsPerMinute = 50;
/** A first run reads weeks, at the provider's pace. */
const longestSeconds = 6 * hour;

/** For ten thousand people, with whom a day is some hundred megabytes. */
export const billResources: Resources = {
  cpuRequest: { text: "50m", cores: 0.05 },
  cpuLimit: { text: "1", cores: 1 },
  memory: { text: "1Gi", bytes: 2 ** 30 },
};

/** A job that reads what the provider charged at fixed times, and writes it to Prometheus. */
export class Bill extends pulumi.ComponentResource {
  constructor(name: string, args: BillArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:bill:Bill", name, {}, opts);
    const identity = componentIdentity(args, "bill", billName(args.namePrefix));
    const { prometheus, otlp } = storeUrls(args);
    const settings = pulumi
      .all([prometheus, otlp.prometheus])
      .apply(([prometheusUrl, prometheusOtlpUrl]): BillSettings => {
        return { ...args.settings, requestsPerMinute, prometheusUrl, prometheusOtlpUrl };
      });
    const data = { [programFile]: bundleBill(), [settingsFile]: pulumi.jsonStringify(settings) };
    const program = immutableConfigMap(`${name}-program`, identity, data, this);
    const key = immutableSecret(`${name}-key`, identity, { key: keyFile, value: args.key }, this);
    const pseudonym = { key: pseudonymKeyVariable, value: args.pseudonymKey };
    const pseudonymKey = immutableSecret(`${name}-pseudonym-key`, identity, pseudonym, this);
    const options = {
      schedule: args.schedule,
      timeZone: "Etc/UTC",
      // The next run reads whatever this one has not.
      startingDeadlineSeconds: hour,
      successfulJobsHistoryLimit: 1,
      backoffLimit: 1,
      activeDeadlineSeconds: longestSeconds,
    };
    cronJob(`${name}-schedule`, identity, options, pod(args.image, { program, key, pseudonymKey }), this);
    this.registerOutputs({ billName: identity.name });
  }
}

interface Mounted {
  readonly program: kubernetes.core.v1.ConfigMap;
  readonly key: kubernetes.core.v1.Secret | undefined;
  readonly pseudonymKey: kubernetes.core.v1.Secret | undefined;
}

function pod(image: string, { program, key, pseudonymKey }: Mounted): kubernetes.types.input.core.v1.PodSpec {
  return hardenedPod(nodeUser, {
    restartPolicy: "Never",
    containers: [
      hardenedContainer({
        name: "bill",
        image,
        command: [
          "node",
          path.posix.join(programDirectory, programFile),
          path.posix.join(programDirectory, settingsFile),
          path.posix.join(keyDirectory, keyFile),
        ],
        env: pseudonymKey && [variableFromSecret(pseudonymKey, pseudonymKeyVariable)],
        resources: resourceRequirements(billResources),
        volumeMounts: [
          { name: "program", mountPath: programDirectory, readOnly: true },
          { name: "key", mountPath: keyDirectory, readOnly: true },
        ],
      }),
    ],
    volumes: [
      { name: "program", configMap: { name: program.metadata.name } },
      { name: "key", secret: { secretName: key?.metadata.name, defaultMode: 0o440 } },
    ],
  });
}
