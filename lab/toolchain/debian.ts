import { execa } from "execa";

import { type Log, logToStandardError } from "../log";

const lockTimeoutSeconds = 300;

/** Settings of {@link ensureDebianPackages}. */
export interface EnsureDebianPackagesOptions {
  /** True lets packages that lack be installed, as root. Default false: an error says how to install them. */
  readonly install?: boolean;
  /** Default: {@link logToStandardError}. */
  readonly log?: Log;
}

/**
 * Makes sure that Debian packages are installed. Does nothing, and asks for no rights, if all are there.
 *
 * @throws Error if something lacks and may not be installed here, or if apt-get fails.
 */
export async function ensureDebianPackages(
  names: readonly string[],
  { install: mayInstall = false, log = logToStandardError }: EnsureDebianPackagesOptions = {},
): Promise<void> {
  const missing = await missingPackages(names);
  if (missing.length === 0) {
    return;
  }
  const install = ["install", "--yes", "--no-install-recommends", ...missing];
  if (!mayInstall || process.getuid?.() !== 0) {
    throw new Error(
      `These Debian packages are missing: ${missing.join(", ")}. Install them, or repeat the command as root with ` +
        `--install:\n  sudo apt-get ${install.join(" ")}`,
    );
  }
  log(`Debian packages ${missing.join(", ")}: installing`);
  // apt-get's output is progress, so it goes to standard error.
  const aptGet = execa({ stdin: "ignore", stdout: 2, stderr: 2, env: { DEBIAN_FRONTEND: "noninteractive" } });
  await aptGet("apt-get", ["update"]);
  await aptGet("apt-get", ["-o", `DPkg::Lock::Timeout=${lockTimeoutSeconds}`, ...install]);
}

async function missingPackages(names: readonly string[]): Promise<string[]> {
  const format = "--showformat=${db:Status-Status} ${Package}\n";
  const query = await execa("dpkg-query", ["--show", format, ...names], { reject: false });
  if (query.exitCode === undefined) {
    throw new Error(
      `These packages are needed, under their Debian names: ${names.join(", ")}. ` +
        `This system has no dpkg-query, so it cannot be told whether they are there. Use Debian or Ubuntu.`,
      { cause: query },
    );
  }
  const installed = new Set(query.stdout.split("\n"));
  return names.filter((name) => !installed.has(`installed ${name}`));
}
