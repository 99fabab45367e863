import * as fs from "node:fs";
import * as path from "node:path";

import { ensureGoProgram } from "../toolchain/go-program";
import { type ImageSpec } from "../toolchain/image-archive";

/** `grafana`, the user of the real image. */
const grafanaUser = 472;

/**
 * Builds the stand-in for Grafana's server unless the cache has it. Needs Go.
 * @returns the absolute path of the static binary
 * @throws Error if the build fails, with the compiler's messages
 */
export function ensureGrafanaServerStandIn(): Promise<string> {
  return ensureGoProgram(path.join(__dirname, "grafana-server"), "grafana-server-standin");
}

/**
 * The stand-in for Grafana's provider plugin. It needs no build, but the npm packages of this repository.
 * @returns the absolute path of an executable named pulumi-resource-grafana; its folder can be put on PATH
 */
export function ensureGrafanaProviderStandIn(): Promise<string> {
  const executable = path.join(__dirname, "grafana-provider", "pulumi-resource-grafana");
  fs.accessSync(executable, fs.constants.X_OK);
  return Promise.resolve(executable);
}

/** The server's stand-in, laid out as Grafana's own image is, to be imported under that image's name. */
export function grafanaServerStandInImage(name: string, binary: string): ImageSpec {
  const users = ["root:x:0:0:root:/root:/bin/sh", `grafana:x:${grafanaUser}:0:grafana:/home/grafana:/bin/false`];
  return {
    name,
    files: [
      { path: "/run.sh", source: binary },
      { path: "/etc/passwd", content: `${users.join("\n")}\n` },
      { path: "/etc/group", content: "root:x:0:\n" },
      { path: "/tmp", directory: true, mode: 0o1777 },
      { path: "/usr/share/grafana", directory: true },
      { path: "/var/lib/grafana", directory: true, uid: grafanaUser, gid: 0, mode: 0o777 },
    ],
    entrypoint: ["/run.sh"],
    env: { GF_PATHS_DATA: "/var/lib/grafana" },
    user: String(grafanaUser),
    workingDir: "/usr/share/grafana",
    exposedPorts: ["3000/tcp"],
  };
}
