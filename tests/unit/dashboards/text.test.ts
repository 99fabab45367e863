import assert from "node:assert/strict";

import { texts } from "../../../dashboards/text/texts";

/** Texts that are the same in every language, and why. */
const sameEverywhere: Readonly<Record<string, string>> = {
  folder: "a name",
};

/** What a translation must not touch: what Grafana fills in, names of settings, files and commands. */
const marks = [
  /\{\{?[^{}]*\}?\}/g,
  /\$\{?\w+/g,
  /\b[A-Z]+(?:_[A-Z]+)+\b/g,
  /\b[a-z]+(?:[A-Z][a-z]+)+\b/g,
  /\b[\w/-]+\.(?:md|ts)\b/g,
  /\/clear\b/g,
] as const;

/** Every text by its path, e.g. `overview.users.row`. */
function flattened(text: object, path = ""): Map<string, string> {
  return new Map(
    Object.entries(text).flatMap(([key, value]: [string, string | object]): (readonly [string, string])[] => {
      const own = path === "" ? key : `${path}.${key}`;
      return typeof value === "string" ? [[own, value]] : [...flattened(value, own)];
    }),
  );
}

/** The marks of a text, sorted: another language has them in another order. */
function marksOf(text: string): string[] {
  return marks.flatMap((pattern) => text.match(pattern) ?? []).sort();
}

function numbersOf(text: string): string[] {
  return [...text.replaceAll(/\{\{.*?\}\}/g, "").matchAll(/\d+/g)].map(([number]) => number);
}

const english = flattened(texts.en);

describe("text in English", () => {
  it("is never empty, and has neither spaces around nor words that stand for another", () => {
    for (const [path, text] of english) {
      assert.notEqual(text.trim(), "", path);
      assert.equal(text.trim(), text, path);
      assert.doesNotMatch(text, /undefined|\[object|TODO/, path);
    }
  });

  it("ends every description like a sentence", () => {
    for (const [path, text] of english) {
      if (path.endsWith(".description")) {
        assert.match(text, /\.$/, path);
      }
    }
  });
});

for (const [language, text] of Object.entries(texts).filter(([name]) => name !== "en")) {
  const translated = flattened(text);

  describe(`text in ${language}`, () => {
    it("has the keys that English has", () => {
      assert.deepEqual([...translated.keys()].sort(), [...english.keys()].sort());
    });

    it("is never empty, and differs from English but for names", () => {
      for (const [path, words] of translated) {
        assert.notEqual(words.trim(), "", path);
        assert.equal(words.trim(), words, path);
        assert.equal(words === english.get(path), path in sameEverywhere, `${path}: ${words}`);
      }
    });

    it("keeps what Grafana fills in, names of settings, files and commands, and all numbers", () => {
      for (const [path, words] of translated) {
        const original = english.get(path) ?? "";
        assert.deepEqual(marksOf(words), marksOf(original), path);
        assert.deepEqual(numbersOf(words).sort(), numbersOf(original).sort(), path);
      }
    });

    it("ends every description like a sentence", () => {
      for (const [path, words] of translated) {
        if (path.endsWith(".description")) {
          assert.match(words, /[。.]$/, path);
        }
      }
    });
  });
}

describe("text in zh-TW", () => {
  it("has full-width punctuation between its words, and characters of Taiwan only", () => {
    for (const [path, words] of flattened(texts["zh-TW"])) {
      assert.doesNotMatch(words, /[\u4e00-\u9fff][,;:?!]/, path);
      // Simplified forms of the characters that these texts use most.
      assert.doesNotMatch(words, /[费数据时间围请会话户码计为与没显图录这实际储点样网络统过报]/, path);
    }
  });
});

describe("the checks of texts", () => {
  it("see what was lost in translation", () => {
    assert.deepEqual(marksOf("set monthlyBudget, see docs/a.md and {{ $labels.team }}"), [
      "$labels",
      "docs/a.md",
      "monthlyBudget",
      "{{ $labels.team }}",
    ]);
    assert.deepEqual(marksOf("OTEL_LOG_TOOL_DETAILS after /clear"), ["/clear", "OTEL_LOG_TOOL_DETAILS"]);
    assert.deepEqual(numbersOf('24 hours, {{ printf "%.2f" $values.A.Value }}'), ["24"]);
  });
});
