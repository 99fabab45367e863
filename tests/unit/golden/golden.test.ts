import assert from "node:assert/strict";

import { parse } from "yaml";

import type { Deployment } from "../components/deployment";
import { differences } from "./differences";
import { goldenDeployments, goldenFiles, secretMarkers, storedGoldenFiles } from "./golden";
import { stackDump } from "./resource-dump";

const devFile = "dev.yaml";
const command = "read the difference; if it is meant, `npm run golden` writes the file anew";

describe("golden files", () => {
  const stored = storedGoldenFiles();
  let files: ReadonlyMap<string, string>;
  before(async () => {
    files = await goldenFiles();
  });

  it("are one for each resource, and none of a resource that is gone", () => {
    assert.deepEqual([...stored.keys()].sort(), [...files.keys()].sort(), command);
  });

  for (const [file, text] of stored) {
    if (file !== devFile) {
      it(`${file} is what is deployed`, () => {
        assert.equal(files.get(file), text, `${file}: ${command}`);
      });
    }
  }

  const sections = sectionsOf(stored.get(devFile));
  for (const section of sections.keys()) {
    it(`${devFile} is how dev differs in ${section}`, () => {
      assert.deepEqual(sectionsOf(files.get(devFile)).get(section), sections.get(section), `${devFile}: ${command}`);
    });
  }

  it(`${devFile} leaves out no file in which dev differs`, () => {
    assert.equal(files.get(devFile), stored.get(devFile), `${devFile}: ${command}`);
  });
});

describe("secrets in golden files", () => {
  let deployments: Readonly<Record<string, Deployment>>;
  before(async () => {
    deployments = { ...(await goldenDeployments()) };
  });

  it("are in none, though they are in what is deployed", async () => {
    const deployed = JSON.stringify(
      Object.values(deployments).map(({ resources }) => resources.map(({ inputs }) => inputs)),
    );
    const shown = [...(await goldenFiles()).values(), ...stackDump(deployments["dev"]!).values()].join("\n");
    for (const marker of secretMarkers) {
      assert.ok(deployed.includes(marker), `${marker} is deployed`);
      assert.ok(!shown.includes(marker), `${marker} stands in plain text`);
    }
  });

  it("would show if they were not marked", () => {
    const [marker] = secretMarkers;
    const inputs = { metadata: {}, stringData: { password: marker } };
    const secret = { type: "kubernetes:core/v1:Secret", name: "admin", urnPath: "admin", inputs, options: {} };
    const dump = stackDump({ resources: [secret], outputs: {}, secretOutputs: [] });
    assert.ok(dump.get("admin.yaml")?.includes(marker));
  });
});

describe("differences of stacks", () => {
  const stack = (name: string, files: Readonly<Record<string, string>>) => ({
    name,
    dump: new Map(Object.entries(files)),
  });

  it("are files of one, and values by their path, without the stacks' names", () => {
    const prod = stack("prod", {
      "a.yaml": "name: prod-a\nsize: 2\nlist:\n  - { name: x, port: 1 }\n  - { name: y }\n",
      "b.yaml": "same: 1\n",
      "c.yaml": "",
    });
    const dev = stack("dev", {
      "a.yaml": "name: dev-a\nsize: 1\nlist:\n  - { name: y, port: 2 }\n",
      "b.yaml": "same: 1\n",
    });
    assert.deepEqual(parse(differences(prod, dev)), {
      "only in prod": ["c.yaml"],
      "only in dev": [],
      "a.yaml": {
        size: { prod: 2, dev: 1 },
        "list[x]": { prod: { name: "x", port: 1 }, dev: null },
        "list[y].port": { prod: null, dev: 2 },
      },
    });
  });

  it("are where a stack has the other's name", () => {
    const [prod, dev] = [stack("prod", { "a.yaml": "of: prod\n" }), stack("dev", { "a.yaml": "of: prod\n" })];
    assert.deepEqual((parse(differences(prod, dev)) as object)["a.yaml" as never], {
      of: { prod: "<stack>", dev: "prod" },
    });
  });
});

function sectionsOf(text = ""): ReadonlyMap<string, unknown> {
  return new Map(Object.entries((parse(text) ?? {}) as Readonly<Record<string, unknown>>));
}
