/** Files that the collector checks credentials and serves TLS with. */
export interface CollectorAccess {
  /** Credentials of clients, one `user:{SHA}digest` a line. Undefined: anyone who reaches it may send. */
  readonly htpasswdFile?: string;
  /** Certificate and key of the server. Undefined: plain text. */
  readonly tls?: {
    /** Certificate chain, PEM. */
    readonly certFile: string;
    /** Private key, PEM. */
    readonly keyFile: string;
    /** CA of the clients' certificates, PEM. Undefined: clients need none. */
    readonly clientCaFile?: string;
  };
}

/** Name of the extension that knows the credentials. */
export const authenticator = "basicauth/teams";
/** Name of the processor that books what comes in on the team whose credential it came with. */
export const teamProcessor = "transform/team";

/** The authenticator, if anybody is to be told apart. */
export function accessExtensions({ htpasswdFile }: CollectorAccess): Record<string, object> {
  return htpasswdFile === undefined ? {} : { [authenticator]: { htpasswd: { file: htpasswdFile } } };
}

/** Server settings that gRPC and HTTP share. */
export function serverAccess({ htpasswdFile, tls }: CollectorAccess) {
  return {
    auth: htpasswdFile && { authenticator },
    tls: tls && {
      cert_file: tls.certFile,
      key_file: tls.keyFile,
      ...(tls.clientCaFile && { client_ca_file: tls.clientCaFile, client_ca_file_reload: true }),
      min_version: "1.2",
      // Certificates are renewed in place.
      reload_interval: "5m",
    },
  };
}

/**
 * Stamps `team` from the credential, on whatever a client says itself. It must stand before the first queue: who sent is
 * not stored with what was sent.
 */
export function accessProcessors({ htpasswdFile }: CollectorAccess): Record<string, object> {
  if (htpasswdFile === undefined) {
    return {};
  }
  const statements = {
    error_mode: "ignore",
    metric_statements: [stampResource, stamp("datapoint")],
    log_statements: [stampResource, stamp("log")],
    trace_statements: [stampResource, stamp("span")],
  };
  return { [teamProcessor]: statements };
}

const resourceTeam = 'resource.attributes["team"]';

/** Taken away first, so that nothing claimed is left whatever follows. A user is a team and the number of its credential, as `credentialUser` writes it. */
const stampResource = {
  context: "resource",
  statements: [
    `delete_key(resource.attributes, "team")`,
    `set(${resourceTeam}, otelcol.client.auth.attributes["username"])`,
    `replace_pattern(${resourceTeam}, "[.][0-9]+$", "")`,
  ],
};

function stamp(context: "datapoint" | "log" | "span") {
  const own = `${context}.attributes`;
  return { context, statements: [`delete_key(${own}, "team")`, `set(${own}["team"], ${resourceTeam})`] };
}

/** The user name of a team's credential. */
export function credentialUser(team: string, generation: number): string {
  return `${team}.${generation}`;
}
