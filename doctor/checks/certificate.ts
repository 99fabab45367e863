import * as tls from "node:tls";

import { Check, FailedCheck, ok, warning } from "./check";
import { dayMs } from "../../units";

/** A certificate that ends sooner is worth a warning, in days. */
const soonDays = 14;

/**
 * Judges the server's certificate.
 *
 * @throws FailedCheck if the client would refuse it; the connection is closed then
 */
export function authorize(socket: tls.TLSSocket, host: string): Check {
  const certificate = socket.getPeerCertificate();
  const issuer = [certificate.issuer.O ?? certificate.issuer.CN ?? "nobody"].flat().join(", ");
  if (!socket.authorized) {
    socket.destroy();
    // Typed as an Error, but it is mostly the code alone.
    const reason: unknown = socket.authorizationError;
    const code = reason instanceof Error && "code" in reason ? String(reason.code) : String(reason);
    throw refusal(code, host, certificate, issuer);
  }
  const until = new Date(certificate.valid_to);
  const days = Math.floor((until.getTime() - Date.now()) / dayMs);
  const told = `of ${host}, issued by ${issuer}, valid until ${dateOf(until)}`;
  return days < soonDays
    ? warning("certificate", `${told}: ${days} days are left`, "Have it renewed before; nothing is sent from then on.")
    : ok("certificate", told);
}

function refusal(code: string, host: string, certificate: tls.PeerCertificate, issuer: string): FailedCheck {
  const trust =
    "Have the file with the authority's certificate named by NODE_EXTRA_CA_CERTS (over gRPC also by OTEL_EXPORTER_OTLP_CERTIFICATE).";
  switch (code) {
    case "CERT_HAS_EXPIRED": {
      const message = `a certificate of ${host} ended: its own is valid until ${dateOf(new Date(certificate.valid_to))}`;
      return new FailedCheck(
        "certificate",
        message,
        "Have it renewed. If that date is yet to come, look at this machine's clock and at the authority.",
      );
    }
    case "CERT_NOT_YET_VALID": {
      const message = `the certificate of ${host} begins only on ${dateOf(new Date(certificate.valid_from))}`;
      return new FailedCheck("certificate", message, "Look at this machine's clock.");
    }
    case "ERR_TLS_CERT_ALTNAME_INVALID": {
      const names = certificate.subjectaltname ?? [certificate.subject.CN ?? "nobody"].flat().join(", ");
      const message = `the certificate is not for ${host} but for ${names}`;
      return new FailedCheck(
        "certificate",
        message,
        "Use a host name that stands in it, or have a certificate issued for this one.",
      );
    }
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
      return new FailedCheck(
        "certificate",
        `the certificate of ${host} is self-signed, and this machine does not trust it`,
        trust,
      );
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE": {
      const message = `the certificate of ${host} is issued by ${issuer}, which this machine does not trust, or its chain is incomplete`;
      return new FailedCheck("certificate", message, trust);
    }
    default:
      return new FailedCheck("certificate", `the certificate of ${host} is refused: ${code}`, trust);
  }
}

function dateOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? "an unknown day" : date.toISOString().slice(0, 10);
}
