import type * as pulumi from "@pulumi/pulumi";

/** Grafana's policies for a connection that begins in plain text, the safest first. */
export const startTlsPolicies = ["MandatoryStartTLS", "OpportunisticStartTLS", "NoStartTLS"] as const;

/** SMTP server that Grafana sends its mail through. */
export interface GrafanaSmtp {
  /** `host:port`. On port 465, TLS begins with the connection. */
  readonly host: string;
  /** Undefined: the server asks for none. */
  readonly credentials: { readonly user: string; readonly password: pulumi.Input<string> } | undefined;
  readonly fromAddress: string;
  readonly fromName: string;
  readonly startTlsPolicy: (typeof startTlsPolicies)[number];
}

/** Grafana's settings for it, without the password. */
export function smtpSettings({ host, credentials, ...smtp }: GrafanaSmtp): Record<string, string> {
  return {
    GF_SMTP_ENABLED: "true",
    GF_SMTP_HOST: host,
    ...(credentials === undefined ? {} : { GF_SMTP_USER: credentials.user }),
    GF_SMTP_FROM_ADDRESS: smtp.fromAddress,
    GF_SMTP_FROM_NAME: smtp.fromName,
    GF_SMTP_STARTTLS_POLICY: smtp.startTlsPolicy,
  };
}
