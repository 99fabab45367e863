import * as path from "node:path";

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { bundleReportMail } from "../../cli/report/mail/bundle";
import { type MailSettings, smtpPasswordVariable } from "../../cli/report/mail/settings";
import { day, hour } from "../../units";
import type { GrafanaSmtp } from "../grafana/smtp";
import { cronJob } from "../kubernetes/cron-job";
import { type ComponentArgs, componentIdentity } from "../kubernetes/labels";
import { reportName, storeUrls } from "../kubernetes/names";
import {
  hardenedContainer,
  hardenedPod,
  nodeUser,
  resourceRequirements,
  type Resources,
  variableFromSecret,
} from "../kubernetes/pod";
import { immutableConfigMap, immutableSecret } from "../kubernetes/workload";

/** Inputs of {@link ReportMail}. The image is Node.js'. */
export interface ReportMailArgs extends ComponentArgs {
  /** Mail addresses that get the report. */
  readonly to: readonly string[];
  /** Server that the mail goes through. */
  readonly smtp: GrafanaSmtp;
  /** Schedule in cron's notation, in `timeZone`. */
  readonly schedule: string;
  /** IANA name of the zone in which months begin. */
  readonly timeZone: string;
  /** The stack's configuration, as far as a report depends on it. */
  readonly stack: MailSettings["stack"];
}

const programDirectory = "/etc/report";
const programFile = "report.mjs";
const settingsFile = "settings.json";

/** For a month of ten thousand people, read day by day. */
export const reportResources: Resources = {
  cpuRequest: { text: "50m", cores: 0.05 },
  cpuLimit: { text: "1", cores: 1 },
  memory: { text: "512Mi", bytes: 512 * 2 ** 20 },
};

/** A job that mails the report of the month before, by the server that Grafana's mail goes through. */
export class ReportMail extends pulumi.ComponentResource {
  constructor(name: string, args: ReportMailArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:report:ReportMail", name, {}, opts);
    const identity = componentIdentity(args, "report", reportName(args.namePrefix));
    const settings = storeUrls(args).prometheus.apply((prometheusUrl): MailSettings => {
      return { timeZone: args.timeZone, stack: args.stack, prometheusUrl, mail: mailOf(args) };
    });
    const data = { [programFile]: bundleReportMail(), [settingsFile]: pulumi.jsonStringify(settings) };
    const program = immutableConfigMap(`${name}-program`, identity, data, this);
    const password = { key: smtpPasswordVariable, value: args.smtp.credentials?.password };
    const secret = immutableSecret(`${name}-smtp-password`, identity, password, this);
    const options = {
      schedule: args.schedule,
      timeZone: args.timeZone,
      startingDeadlineSeconds: day,
      successfulJobsHistoryLimit: 1,
      backoffLimit: 3,
      activeDeadlineSeconds: hour,
    };
    cronJob(`${name}-schedule`, identity, options, pod(args.image, program, secret), this);
    this.registerOutputs({ reportName: identity.name });
  }
}

function mailOf({ to, smtp: { host, credentials, fromName, fromAddress, startTlsPolicy } }: ReportMailArgs) {
  return { to, host, fromName, fromAddress, startTlsPolicy, ...(credentials && { user: credentials.user }) };
}

function pod(
  image: string,
  program: kubernetes.core.v1.ConfigMap,
  secret: kubernetes.core.v1.Secret | undefined,
): kubernetes.types.input.core.v1.PodSpec {
  return hardenedPod(nodeUser, {
    restartPolicy: "Never",
    containers: [
      hardenedContainer({
        name: "report",
        image,
        command: [
          "node",
          path.posix.join(programDirectory, programFile),
          path.posix.join(programDirectory, settingsFile),
        ],
        env: secret && [variableFromSecret(secret, smtpPasswordVariable)],
        resources: resourceRequirements(reportResources),
        volumeMounts: [{ name: "program", mountPath: programDirectory, readOnly: true }],
      }),
    ],
    volumes: [{ name: "program", configMap: { name: program.metadata.name } }],
  });
}
