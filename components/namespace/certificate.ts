import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** An issuer of cert-manager. */
export interface CertificateIssuer {
  readonly kind: "ClusterIssuer" | "Issuer";
  readonly name: string;
}

/** Inputs of {@link Certificate}. */
export interface CertificateArgs {
  readonly namespace: pulumi.Input<string>;
  /** Secret to be written by cert-manager: `tls.crt`, `tls.key`, and `ca.crt` where the issuer has one. */
  readonly secretName: string;
  readonly issuer: CertificateIssuer;
  /** Every host name that clients and people use. */
  readonly dnsNames: readonly string[];
}

/** A certificate that cert-manager, which must be in the cluster, issues and renews. */
export class Certificate extends pulumi.ComponentResource {
  /** Name of the Secret, once the certificate is issued. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:access:Certificate", name, {}, opts);
    const { namespace, secretName, issuer, dnsNames } = args;
    const certificate = new kubernetes.apiextensions.CustomResource(
      `${name}-request`,
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        // The engine knows nothing of this kind; without this it would not wait.
        metadata: { name: secretName, namespace, annotations: { "pulumi.com/waitFor": "condition=Ready" } },
        spec: {
          secretName,
          dnsNames,
          issuerRef: { group: "cert-manager.io", kind: issuer.kind, name: issuer.name },
          privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
        },
      },
      { parent: this },
    );
    this.secretName = certificate.id.apply(() => secretName);
    this.registerOutputs({ secretName: this.secretName });
  }
}
