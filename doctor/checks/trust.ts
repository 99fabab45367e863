import * as fs from "node:fs";
import * as path from "node:path";
import * as tls from "node:tls";

import { Check, codeOf, FailedCheck, messageOf, warning } from "./check";
import { EffectiveSettings, firstOf } from "./effective";
import { Destination } from "./endpoints";
import { otlpPrefix, signalKey } from "./keys";

/** The files that a TLS connection is made with, PEM: authorities, the client's own certificate and its key. */
interface TlsFiles extends Pick<tls.SecureContextOptions, "cert" | "key" | "passphrase"> {
  /** The only authority that is trusted. */
  readonly only?: string | undefined;
  /** An authority that is trusted besides the usual ones. */
  readonly extra?: string | undefined;
}

const name = "certificate files";
const extraKey = "NODE_EXTRA_CA_CERTS";
/** Files in which Linux distributions keep the machine's trusted certificates. */
const systemStores = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
];

/**
 * Certificates that the client would trust and present. As seen with client 2.1.330, its exporters over HTTP look at
 * `NODE_EXTRA_CA_CERTS` and `CLAUDE_CODE_CLIENT_…` only, those over gRPC at `OTEL_EXPORTER_OTLP_…` first.
 */
export class Trust {
  /** Shared by signals with the same files, because reading all authorities takes a while. */
  private readonly contexts = new Map<string, tls.SecureContext>();

  /** @param folder what relative paths start from */
  constructor(
    private readonly effective: EffectiveSettings,
    private readonly folder: string,
  ) {}

  /**
   * TLS material of a signal's connection.
   *
   * @throws FailedCheck if the files are of no use
   */
  of({ signal, protocol }: Destination): { context: tls.SecureContext; checks: Check[] } {
    const otlp = (part: string) =>
      [signalKey(signal, part), `${otlpPrefix}${part}`].find((key) => firstOf(this.effective, key) !== undefined);
    const own = ["CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY"].map(otlp);
    if (protocol !== "grpc") {
      const files = {
        extra: this.read(extraKey),
        ...keyPair(this.read("CLAUDE_CODE_CLIENT_CERT"), this.read("CLAUDE_CODE_CLIENT_KEY")),
        passphrase: firstOf(this.effective, "CLAUDE_CODE_CLIENT_KEY_PASSPHRASE"),
      };
      return { context: this.context(files), checks: ignoredOverHttp(own) };
    }
    const [only, cert, key] = own.map((name) => this.read(name));
    const files = only === undefined ? { extra: this.read(extraKey) } : { only };
    return { context: this.context({ ...files, ...keyPair(cert, key) }), checks: [] };
  }

  private read(key: string | undefined): string | undefined {
    const file = key === undefined ? undefined : firstOf(this.effective, key);
    if (key === undefined || file === undefined) {
      return undefined;
    }
    try {
      return fs.readFileSync(path.resolve(this.folder, file), "utf8");
    } catch (error) {
      const message = `${key}: ${codeOf(error) ?? messageOf(error)}: ${file}`;
      throw new FailedCheck(name, message, "Name a file that exists and may be read.");
    }
  }

  private context(files: TlsFiles): tls.SecureContext {
    const key = JSON.stringify(files);
    const context = this.contexts.get(key) ?? createContext(files);
    this.contexts.set(key, context);
    return context;
  }
}

function createContext({ only, extra, cert, key, passphrase }: TlsFiles): tls.SecureContext {
  try {
    return tls.createSecureContext({ ca: only ?? authorities(extra), cert, key, passphrase });
  } catch (error) {
    const cure = "Check that certificate and key are PEM files, belong together, and that the passphrase is right.";
    throw new FailedCheck(name, messageOf(error), cure);
  }
}

/** The client shows neither without the other. */
function keyPair(cert: string | undefined, key: string | undefined): { cert: string; key: string } | undefined {
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

function ignoredOverHttp(keys: readonly (string | undefined)[]): Check[] {
  const set = keys.filter((key) => key !== undefined);
  if (set.length === 0) {
    return [];
  }
  const cure = `Use ${extraKey} for an authority, CLAUDE_CODE_CLIENT_CERT and CLAUDE_CODE_CLIENT_KEY for the client's own certificate.`;
  return [warning(name, `over HTTP the client ignores ${set.join(", ")}`, cure)];
}

/** Node.js' authorities, the machine's and the given ones: the client, too, trusts them all. */
function authorities(extra: string | undefined): string[] {
  const system = systemStores.find((file) => fs.existsSync(file));
  return [
    ...tls.rootCertificates,
    ...(system === undefined ? [] : [fs.readFileSync(system, "utf8")]),
    ...(extra === undefined ? [] : [extra]),
  ];
}
