import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { texts } from "../../../dashboards/text/texts";
import { root } from "../config/stack-config";
import { flattened } from "../dashboards/text-files";
import { commentsOf, longestSentence, proseViolations } from "./prose";

/** Written by `npm run docs` from texts that have tests of their own. */
const generated: ReadonlySet<string> = new Set(["docs/configuration.md", "docs/panels.md"]);

const documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...pagesOf("docs"), ...pagesOf("docs/runbooks")];

function pagesOf(folder: string): string[] {
  const names = fs.readdirSync(path.join(root, folder)).filter((name) => name.endsWith(".md"));
  return names.map((name) => `${folder}/${name}`).filter((name) => !generated.has(name));
}

/** Folders whose comments are held to the rules. */
const sourceFolders = [
  "config",
  "components",
  "dashboards",
  "telemetry",
  "client",
  "bill",
  "doctor",
  "cli",
  "synthetic",
  "lab",
];

const sources = [
  "index.ts",
  "units.ts",
  ...sourceFolders.flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => path.join(folder, name)),
  ),
];

function read(file: string): string {
  return fs.readFileSync(path.join(root, file), "utf8");
}

describe("rules for prose", () => {
  for (const document of documents) {
    it(`hold for ${document}`, () => {
      assert.deepEqual(proseViolations(read(document)), []);
    });
  }

  it("hold for the comments of the product", () => {
    assert.ok(sources.length > 100);
    const found = sources.flatMap((source) =>
      commentsOf(read(source))
        .flatMap(proseViolations)
        .map((violation) => `${source}: ${violation}`),
    );
    assert.deepEqual(found, []);
  });

  it("let a doc comment begin with a noun phrase or a verb, not with a question word", () => {
    const questions = /\/\*\*[\s*]*(?:What|Who|Whom|Whose|Where|How|Whether|When|Which|Why)\b.*/g;
    assert.deepEqual(
      sources.flatMap((source) => [...read(source).matchAll(questions)].map(([comment]) => `${source}: ${comment}`)),
      [],
    );
  });

  it("hold for the English words of dashboards and alerts", () => {
    // A template that Grafana fills in is one word.
    const found = [...flattened(texts.en)].flatMap(([key, text]) =>
      proseViolations(text.replaceAll(/\{\{.*?\}\}/g, "`value`")).map((violation) => `${key}: ${violation}`),
    );
    assert.deepEqual(found, []);
  });

  it("see doc comments and lines of comments, and no code", () => {
    const source =
      "/**\n * Returns {@link x}.\n *\n * @param y it\n */\nf(); // not this\n  // One.\n  // Two.\nconst a = 1;\n";
    assert.deepEqual(
      commentsOf(source).map((comment) => comment.trim().split(/\s*\n\s*/)),
      [
        ["Returns `x`.", "it"],
        ["One.", "Two."],
      ],
    );
  });

  const sentence = (words: number) => `Word${" word".repeat(words - 1)}.`;

  it("allow short sentences, in paragraphs and in lists, and questions", () => {
    const text = `# ${sentence(40)}\n\n${sentence(longestSentence)}\n${sentence(3)}\n\n- ${sentence(20)}\n- What is it?\n`;
    assert.deepEqual(proseViolations(text), []);
  });

  it("leave out code, tables and comments", () => {
    const text = `\`\`\`\n${sentence(40)}\n\`\`\`\n\n| ${sentence(40)} |\n\n<!-- ${sentence(40)} -->\n\`${sentence(40)}\` is one word.\n`;
    assert.deepEqual(proseViolations(text), []);
  });

  for (const [text, rule] of [
    [sentence(longestSentence + 1), "26 words"],
    [`- [A link](https://example.com/a/b) and ${sentence(23)}`, "26 words"],
    ["What no list names is dropped.", "beginning without an actor"],
    ["A pattern tells the two apart.", "phrase"],
    ["It runs. It stops.", "It twice in a row"],
  ] as const) {
    it(`find "${rule}" in "${text.slice(0, 30)}"`, () => {
      const found = proseViolations(text);
      assert.equal(found.length, 1);
      assert.ok(found[0]!.startsWith(rule), found[0]);
    });
  }
});
