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
  const issuer = nameOf(certificate.issuer.O ?? certificate.issuer.CN);
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
  const of = `the certificate of ${host}`;
  const refused = (message: string, cure: string) => new FailedCheck("certificate", message, cure);
  const trust =
    "Have the file with the authority's certificate named by NODE_EXTRA_CA_CERTS (over gRPC also by OTEL_EXPORTER_OTLP_CERTIFICATE).";
  switch (code) {
    case "CERT_HAS_EXPIRED":
      return refused(
        `a certificate of ${host} ended: its own is valid until ${dateOf(new Date(certificate.valid_to))}`,
        "Have it renewed. If that date is yet to come, look at this machine's clock and at the authority.",
      );
    case "CERT_NOT_YET_VALID":
      return refused(
        `${of} begins only on ${dateOf(new Date(certificate.valid_from))}`,
        "Look at this machine's clock.",
      );
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return refused(
        `the certificate is not for ${host} but for ${certificate.subjectaltname ?? nameOf(certificate.subject.CN)}`,
        "Use a host name that stands in it, or have a certificate issued for this one.",
      );
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
      return refused(`${of} is self-signed, and this machine does not trust it`, trust);
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
      return refused(
        `${of} is issued by ${issuer}, which this machine does not trust, or its chain is incomplete`,
        trust,
      );
    default:
      return refused(`${of} is refused: ${code}`, trust);
  }
}

function nameOf(part: string | string[] | undefined): string {
  return [part ?? "nobody"].flat().join(", ");
}

function dateOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? "an unknown day" : date.toISOString().slice(0, 10);
}
