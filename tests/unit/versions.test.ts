import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { images, imageTag } from "../../components/kubernetes/images";
import { toolVersion } from "../../lab/lab";

const root = path.resolve(__dirname, "../..");
const tracked = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: root, encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "" && fs.existsSync(path.join(root, file)));

function read(file: string): string {
  return fs.readFileSync(path.join(root, file), "utf8");
}

/** What the Go modules of this repository themselves require of a module, by file. */
function required(module: RegExp): Record<string, string> {
  const found = tracked
    .filter((file) => path.basename(file) === "go.mod")
    .flatMap((file) =>
      [...read(file).matchAll(/^(?:require |\t)(?<name>\S+) (?<version>v\S+)$/gm)]
        .filter(({ groups }) => module.test(groups!["name"]!))
        .map(({ groups }) => [`${file}: ${groups!["name"]}`, groups!["version"]!] as const),
    );
  return Object.fromEntries(found);
}

function onlyVersion(versions: Readonly<Record<string, string>>): string {
  const [first, ...others] = new Set(Object.values(versions));
  assert.ok(first !== undefined && others.length === 0, JSON.stringify(versions, undefined, 2));
  return first;
}

describe("versions", () => {
  it("of the images are those that the toolchain builds", () => {
    assert.equal(imageTag(images.collector), toolVersion("collector"));
    assert.equal(imageTag(images.prometheus), `v${toolVersion("prometheus")}`);
  });

  it("of Prometheus as a Go module are one, and so are those of the collector's parts", () => {
    const prometheus = required(/^github\.com\/prometheus\/prometheus$/);
    assert.ok(Object.keys(prometheus).length >= 3);
    onlyVersion(prometheus);
    const unstable =
      /^(go\.opentelemetry\.io\/collector|github\.com\/open-telemetry\/opentelemetry-collector-contrib)\//;
    const parts = Object.entries(required(unstable)).filter(([, version]) => version.startsWith("v0."));
    assert.equal(onlyVersion(Object.fromEntries(parts)), `v${imageTag(images.collector)}`);
  });

  it("of images in texts and examples are those that are deployed", () => {
    // What an earlier release pinned stays as it was.
    const apart = /^tests\/(golden|fixtures)\/|\/previous-release\.ts$/;
    const texts = tracked.filter((file) => /\.(md|ts|yaml)$/.test(file) && !apart.test(file));
    for (const image of Object.values(images)) {
      const [name = "", tag = ""] = image.replace("docker.io/", "").split(":");
      const mentions = texts.flatMap((file) =>
        [...read(file).matchAll(new RegExp(`${name}:(v?\\d[\\w.-]*\\w)`, "g"))].map(([, found]) => `${file}: ${found}`),
      );
      assert.ok(mentions.length > 0, image);
      assert.deepEqual(
        mentions.filter((mention) => !mention.endsWith(`: ${tag}`)),
        [],
        image,
      );
    }
  });

  it("of npm packages are exact, and installed", () => {
    const manifest = JSON.parse(read("package.json")) as Record<"dependencies" | "devDependencies", object>;
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const installed = JSON.parse(read(`node_modules/${name}/package.json`)) as { version: string };
      // One of them publishes with a "v".
      assert.equal(installed.version.replace(/^v/, ""), version, name);
    }
  });

  it("of actions are digests with their tags, and Pulumi's is the toolchain's", () => {
    const workflows = tracked.filter((file) => file.startsWith(".github/workflows/")).map(read);
    const uses = workflows.flatMap((text) => [...text.matchAll(/uses: (.+)/g)].map(([, action]) => action!));
    const pins = uses.map(
      (action) => /^([\w/-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)$/.exec(action) ?? assert.fail(action),
    );
    for (const [, name] of pins) {
      onlyVersion(Object.fromEntries(pins.filter((pin) => pin[1] === name).map(([, , pin], index) => [index, pin!])));
    }
    const engines = workflows.flatMap((text) =>
      [...text.matchAll(/pulumi-version: (\S+)/g)].map(([, version]) => version),
    );
    assert.deepEqual(engines, [toolVersion("pulumi")]);
  });
});
