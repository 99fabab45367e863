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

/** Certificates are renewed in place: how often their files are read again. Go duration. */
const certificateReload = "5m";

/** The authenticator, if anybody is to be told apart. */
export function accessExtensions({ htpasswdFile }: CollectorAccess): Record<string, object> {
  return htpasswdFile === undefined ? {} : { [authenticator]: { htpasswd: { file: htpasswdFile } } };
}

/** Server settings that gRPC and HTTP share. */
export function serverAccess({ htpasswdFile, tls }: CollectorAccess) {
  return {
    ...(htpasswdFile === undefined ? {} : { auth: { authenticator } }),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            cert_file: tls.certFile,
            key_file: tls.keyFile,
            ...(tls.clientCaFile === undefined
              ? {}
              : { client_ca_file: tls.clientCaFile, client_ca_file_reload: true }),
            min_version: "1.2",
            reload_interval: certificateReload,
          },
        }),
  };
}

/**
 * Stamps `team` from the credential, on whatever a client says itself. It must stand before the first queue: who sent is
 * not stored with what was sent.
 */
export function accessProcessors({ htpasswdFile }: CollectorAccess): Record<string, object> {
  return htpasswdFile === undefined
    ? {}
    : {
        [teamProcessor]: {
          error_mode: "ignore",
          metric_statements: [stampResource, stamp("datapoint")],
          log_statements: [stampResource, stamp("log")],
          trace_statements: [stampResource, stamp("span")],
        },
      };
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
