import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { cacheFolder } from "./cache";
import { withLock } from "./lock";
import { runLogged } from "./run-logged";

/** Asked by package scripts before they start a service; exit status 101 says no. */
const policyFile = "/usr/sbin/policy-rc.d";
const savedPolicyFile = `${policyFile}.saved-by-claude-code-monitoring`;
const denyingPolicy = "#!/bin/sh\n# Placed by claude-code-monitoring while it installs packages.\nexit 101\n";

const lockTimeoutSeconds = 300;

/** Settings of {@link ensureDebianPackages}. */
export interface EnsureDebianPackagesOptions {
  /** Receives progress, one line at a time. Default: standard error. */
  readonly log?: (line: string) => void;
}

/**
 * Makes sure that Debian packages are installed. Installs only what lacks, without recommended packages, questions or
 * started services. Does nothing, and asks for no rights, if all are there.
 *
 * @throws Error if something lacks on a system without dpkg or for a user other than root, or if apt-get fails.
 */
export async function ensureDebianPackages(
  names: readonly string[],
  options: EnsureDebianPackagesOptions = {},
): Promise<void> {
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`));
  if (missingPackages(names).length === 0) {
    return;
  }
  await withLock(
    path.join(cacheFolder(), "debian.lock"),
    async () => {
      const missing = missingPackages(names);
      if (missing.length === 0) {
        return;
      }
      if (process.getuid?.() !== 0) {
        throw new Error(
          `These Debian packages are needed and only root can install them: ${missing.join(", ")}. ` +
            `Run: sudo apt-get install --no-install-recommends ${missing.join(" ")}`,
        );
      }
      const start = Date.now();
      log(`Debian packages ${missing.join(", ")}: installing`);
      await install(missing);
      log(`Debian packages ${missing.join(", ")}: installed in ${Math.round((Date.now() - start) / 1000)} s`);
    },
    (pid) => {
      log(`Debian packages: waiting for the installation in process ${pid}`);
    },
  );
}

function missingPackages(names: readonly string[]): string[] {
  const query = spawnSync("dpkg-query", ["--show", "--showformat=${db:Status-Status} ${Package}\n", ...names], {
    encoding: "utf8",
  });
  if (query.error !== undefined) {
    throw new Error(
      `These packages are needed, under their Debian names: ${names.join(", ")}. ` +
        `This system has no dpkg-query, so they can't be installed here (${query.error.message}). ` +
        "Use Debian or Ubuntu.",
      { cause: query.error },
    );
  }
  const installed = new Set(query.stdout.split("\n"));
  return names.filter((name) => !installed.has(`installed ${name}`));
}

async function install(names: readonly string[]): Promise<void> {
  const logFile = path.join(cacheFolder(), "logs", "apt-get.log");
  fs.rmSync(logFile, { force: true });
  const aptGet = (...words: readonly string[]): Promise<void> =>
    runLogged("apt-get", words, {
      logFile,
      // Stopped in the middle, dpkg leaves packages half configured.
      onInterrupt: "finish",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  denyServiceStarts();
  try {
    await aptGet("update");
    const lockTimeout = `DPkg::Lock::Timeout=${lockTimeoutSeconds}`;
    await aptGet("install", "--yes", "--no-install-recommends", "-o", lockTimeout, ...names);
  } finally {
    restoreServicePolicy();
  }
}

function denyServiceStarts(): void {
  // What an earlier run left behind when it was killed is not the system's own policy.
  restoreServicePolicy();
  if (fs.existsSync(policyFile)) {
    fs.renameSync(policyFile, savedPolicyFile);
  }
  fs.writeFileSync(policyFile, denyingPolicy, { mode: 0o755 });
}

function restoreServicePolicy(): void {
  if (fs.existsSync(policyFile) && fs.readFileSync(policyFile, "utf8") === denyingPolicy) {
    fs.rmSync(policyFile);
  }
  if (fs.existsSync(savedPolicyFile) && !fs.existsSync(policyFile)) {
    fs.renameSync(savedPolicyFile, policyFile);
  }
}
