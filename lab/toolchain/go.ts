import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import type { GoToolchain } from "./cache";

/** The caller's environment less what could change what Go builds. */
export function goEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off", GO111MODULE: "on" };
}

/**
 * The Go toolchain that builds the module in `folder`. It is asked there, because Go may fetch the newer toolchain that
 * a go.mod names (GOTOOLCHAIN).
 *
 * @throws Error if there is no Go, or none as new as the go.mod asks for.
 */
export function goToolchain(folder: string): GoToolchain {
  const wanted = /^go (\S+)$/m.exec(fs.readFileSync(path.join(folder, "go.mod"), "utf8"))?.[1] ?? "1.21";
  const [version = "", os = "", architecture = ""] = askGo(folder, wanted);
  if (version.replace("go", "").localeCompare(wanted, "en", { numeric: true }) < 0) {
    throw unsuitable(folder, wanted, `found ${version}`);
  }
  return { version, platform: `${os}/${architecture}` };
}

function askGo(folder: string, wanted: string): string[] {
  try {
    return execFileSync("go", ["env", "GOVERSION", "GOOS", "GOARCH"], {
      cwd: folder,
      env: goEnvironment(),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).split("\n");
  } catch (error) {
    const failure = error as NodeJS.ErrnoException & { stderr?: string };
    const found = failure.code === "ENOENT" ? "no `go` on PATH" : (failure.stderr ?? failure.message).trim();
    throw unsuitable(folder, wanted, found, error);
  }
}

function unsuitable(folder: string, wanted: string, found: string, cause?: unknown): Error {
  return new Error(
    `${folder} needs Go ${wanted} or later to build: ${found}. Install it from https://go.dev/dl/ and put its bin ` +
      "folder on PATH. Go 1.21 or later also does if it may fetch the newer one (GOTOOLCHAIN=auto).",
    { cause },
  );
}
