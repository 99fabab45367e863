import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as path from "node:path";

import { type CollectorAccess, credentialUser } from "../../components/collector/access";
import { writeHtpasswd } from "../support/collectors/htpasswd";

/** How a measured collector is reached. */
export interface Access {
  readonly authentication: boolean;
  readonly tls: boolean;
}

/** What a measured collector checks, and what its clients send. */
export interface AccessFiles {
  /** User and password, for basic authentication. */
  readonly login?: { readonly user: string; readonly password: string; readonly htpasswdFile: string };
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
}

/** Makes credentials and a certificate that are valid for an hour. Needs `openssl` for the latter. */
export function makeAccessFiles(directory: string, access: Access): AccessFiles {
  return {
    ...(access.authentication ? { login: makeLogin(directory) } : {}),
    ...(access.tls ? { tls: makeCertificate(directory) } : {}),
  };
}

function makeLogin(directory: string) {
  const user = credentialUser("benchmark", 1);
  const password = randomBytes(24).toString("base64url");
  // As many as a company has teams. A password of 192 random bits needs no slow hash.
  const others = Array.from({ length: 100 }, (_, index) => [credentialUser(`team-${index}`, 1), password]);
  const htpasswdFile = writeHtpasswd(directory, { ...(Object.fromEntries(others) as object), [user]: password });
  return { user, password, htpasswdFile };
}

function makeCertificate(directory: string) {
  const certFile = path.join(directory, "tls.crt");
  const keyFile = path.join(directory, "tls.key");
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile];
  const subject = ["-subj", "/CN=collector", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1"];
  execFileSync("openssl", ["req", "-x509", ...key, "-out", certFile, ...subject], { stdio: "ignore" });
  return { certFile, keyFile };
}

/** How the stack's own configuration is told of them. */
export function collectorAccess({ login, tls }: AccessFiles): CollectorAccess {
  return {
    ...(login === undefined ? {} : { htpasswdFile: login.htpasswdFile }),
    ...(tls === undefined ? {} : { tls }),
  };
}
