import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { root } from "../config/stack-config";

const folders = [".", "docs", "docs/runbooks"];
const documents = folders.flatMap((folder) =>
  fs
    .readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => path.join(folder, name)),
);

/** Links of a Markdown text to files of the repository, with their anchors. */
function linksOf(text: string): string[] {
  return [...text.replaceAll(/^```[^]*?^```/gm, "").matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link!);
}

/** Anchors of a Markdown text's headings, as GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.replaceAll(/^```[^]*?^```/gm, "").matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

/** A link that leads nowhere, and why; undefined for one that leads somewhere. */
function brokenLink(document: string, link: string): string | undefined {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? path.join(root, document) : path.join(root, path.dirname(document), file);
  if (!fs.existsSync(target)) {
    return `${link}: no such file`;
  }
  const isKnown = anchor === undefined || anchorsOf(fs.readFileSync(target, "utf8")).has(anchor);
  return isKnown ? undefined : `${link}: no such heading`;
}

describe("links", () => {
  for (const document of documents) {
    it(`of ${document} lead to files and headings`, () => {
      const links = linksOf(fs.readFileSync(path.join(root, document), "utf8"));
      assert.deepEqual(
        links.flatMap((link) => brokenLink(document, link) ?? []),
        [],
      );
    });
  }

  it("are found, and missed where they lead nowhere", () => {
    assert.deepEqual(linksOf("[a](b.md#c) `x` [d](https://example.com) ![e](f.png)"), ["b.md#c", "f.png"]);
    assert.equal(brokenLink("README.md", "docs/nothing.md"), "docs/nothing.md: no such file");
    assert.equal(brokenLink("README.md", "#nothing"), "#nothing: no such heading");
  });
});

describe("docs/traps.md", () => {
  it("says of each trap when it was noted, and with which version", () => {
    const traps = fs
      .readFileSync(path.join(root, "docs/traps.md"), "utf8")
      .split(/^#{2,3} /m)
      .slice(1);
    const undated = traps.filter(
      (trap) => trap.trim().includes("\n") && !/\n_\d{4}-\d\d-\d\d, [^_]+\._\s*$/.test(trap),
    );
    assert.ok(traps.length >= 50);
    assert.deepEqual(undated, []);
  });
});
