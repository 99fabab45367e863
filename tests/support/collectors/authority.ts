import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { dayMs } from "../../../units";
import { loopback } from "../loopback-ports";

/** A certificate with its key, PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** An authority made with the `openssl` command. */
export class Authority {
  readonly file: string;
  private readonly config: string;

  constructor(private readonly folder: string) {
    this.file = path.join(folder, "ca.crt");
    this.config = path.join(folder, "ca.cnf");
    fs.writeFileSync(path.join(folder, "index"), "");
    const section = [`database = ${path.join(folder, "index")}`, `new_certs_dir = ${folder}`, "default_md = sha256"];
    const lines = [
      ...section,
      "policy = any",
      "rand_serial = yes",
      "unique_subject = no",
      "copy_extensions = copy",
      "[any]",
      "commonName = supplied",
    ];
    const request = ["[req]", "distinguished_name = dn", "[dn]"];
    fs.writeFileSync(this.config, ["[ca]", "default_ca = own", "[own]", ...lines, ...request].join("\n"));
    const extension = ["-addext", "basicConstraints=critical,CA:TRUE"];
    this.openssl("req", "-x509", ...this.newKey("ca"), "-subj", "/CN=Test authority", ...extension, "-out", this.file);
  }

  /**
   * Issues a certificate.
   *
   * @param names as in `IP:127.0.0.1`
   * @param days from when until when it is valid, counted from now
   */
  issue(name: string, names: string, days: readonly [number, number] = [-1, 100]): Issued {
    const [from, to] = days.map(
      (day) => `${new Date(Date.now() + day * dayMs).toISOString().replace(/[-:T]|\..*/g, "")}Z`,
    );
    const [request, certificate] = [this.path(`${name}.csr`), this.path(`${name}.crt`)];
    this.openssl(
      "req",
      ...this.newKey(name),
      "-subj",
      `/CN=${name}`,
      "-addext",
      `subjectAltName=${names}`,
      "-out",
      request,
    );
    const signer = ["-cert", this.file, "-keyfile", this.path("ca.key")];
    const validity = ["-startdate", from!, "-enddate", to!];
    this.openssl(
      "ca",
      "-batch",
      "-notext",
      "-config",
      this.config,
      ...signer,
      ...validity,
      "-in",
      request,
      "-out",
      certificate,
    );
    return this.read(name);
  }

  /** A certificate that nobody but itself vouches for. */
  selfSigned(name: string): Issued {
    const names = ["-addext", `subjectAltName=IP:${loopback}`];
    this.openssl(
      "req",
      "-x509",
      ...this.newKey(name),
      "-subj",
      `/CN=${name}`,
      ...names,
      "-out",
      this.path(`${name}.crt`),
    );
    return this.read(name);
  }

  /** The authority's own certificate, PEM. */
  get certificate(): string {
    return fs.readFileSync(this.file, "utf8");
  }

  /** A file in the authority's folder. */
  path(name: string): string {
    return path.join(this.folder, name);
  }

  private newKey(name: string): string[] {
    const key = [
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-noenc",
      "-keyout",
      this.path(`${name}.key`),
    ];
    return ["-new", "-config", this.config, ...key];
  }

  private read(name: string): Issued {
    return {
      cert: fs.readFileSync(this.path(`${name}.crt`), "utf8"),
      key: fs.readFileSync(this.path(`${name}.key`), "utf8"),
    };
  }

  private openssl(...args: readonly string[]): void {
    execFileSync("openssl", args, { stdio: "pipe" });
  }
}
