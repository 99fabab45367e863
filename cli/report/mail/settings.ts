import type { startTlsPolicies } from "../../../components/grafana/smtp";
import type { ReportStack } from "../report";

/** Settings of the program that mails a report. They hold no secret. */
export interface MailSettings {
  /** IANA name of the zone in which months begin. */
  readonly timeZone: string;
  /** The stack's configuration; budgets of teams as pairs, because they go through JSON. */
  readonly stack: Omit<ReportStack, "budgets"> & {
    readonly budgets: Omit<ReportStack["budgets"], "teams"> & {
      readonly teams: readonly (readonly [string, number])[];
    };
  };
  /** Base URL of Prometheus. */
  readonly prometheusUrl: string;
  readonly mail: {
    readonly to: readonly string[];
    readonly fromName: string;
    readonly fromAddress: string;
    /** `host:port`. */
    readonly host: string;
    /** Undefined: the server asks for none. */
    readonly user?: string;
    readonly startTlsPolicy: (typeof startTlsPolicies)[number];
  };
}

/** Environment variable with the password of the user at the mail server. */
export const smtpPasswordVariable = "SMTP_PASSWORD";
