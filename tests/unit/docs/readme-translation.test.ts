import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { root } from "../config/stack-config";

/** A fenced block of commands or configuration, with the heading that it stands under counted from 0. */
interface Block {
  readonly heading: number;
  readonly language: string;
  readonly lines: readonly string[];
}

/** The parts of a README that a translation keeps. */
interface Outline {
  readonly headingLevels: readonly number[];
  readonly blocks: readonly Block[];
  readonly links: readonly string[];
  readonly amounts: readonly string[];
}

function outlineOf(file: string): Outline {
  const text = fs.readFileSync(path.join(root, file), "utf8");
  const headingLevels: number[] = [];
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: { language: string; lines: string[] } | undefined;
  for (const line of text.split("\n")) {
    const fence = /^```(\w*)$/.exec(line);
    if (fence !== null && open === undefined) {
      open = { language: fence[1] ?? "", lines: [] };
    } else if (fence !== null && open !== undefined) {
      blocks.push({ heading: headingLevels.length - 1, ...open });
      open = undefined;
    } else if (open !== undefined) {
      open.lines.push(withoutComment(line));
    } else {
      const marks = /^#+(?= )/.exec(line);
      headingLevels.push(...(marks === null ? [] : [marks[0].length]));
      prose.push(line);
    }
  }
  const links = [...prose.join("\n").matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target!);
  const table = /<!-- accuracy table -->([^]*)<!-- end of accuracy table -->/.exec(prose.join("\n"))?.[1] ?? "";
  const amounts = [...table.matchAll(/(?<=\| +)[\d.,]+(?= +\|)/g)].map(([amount]) => amount);
  return { headingLevels, blocks: blocks.filter(({ language }) => language !== ""), links: links.toSorted(), amounts };
}

/** Comments are translated; commands and keys are not. */
function withoutComment(line: string): string {
  return line.replace(/\s+# .*$/, "");
}

describe("README.zh-TW.md", () => {
  const original = outlineOf("README.md");
  const translation = outlineOf("README.zh-TW.md");

  it("has the headings of README.md: as many, of the same levels, in the same order", () => {
    assert.ok(original.headingLevels.length >= 8);
    assert.deepEqual(translation.headingLevels, original.headingLevels);
  });

  it("has the same commands and configuration below the same headings", () => {
    assert.ok(original.blocks.length >= 5);
    assert.deepEqual(translation.blocks, original.blocks);
  });

  it("links to the same pages, and to README.md where that links to it", () => {
    const expected = original.links.map((link) => (link === "README.zh-TW.md" ? "README.md" : link)).toSorted();
    assert.deepEqual(translation.links, expected);
  });

  it("shows the same accuracy", () => {
    assert.equal(original.amounts.length, 15);
    assert.deepEqual(translation.amounts, original.amounts);
  });

  it("is as short as a first page should be: README.md has at most 8 KiB", () => {
    assert.ok(fs.statSync(path.join(root, "README.md")).size <= 8192);
  });
});
