import assert from "node:assert/strict";

import { withNotes } from "../../../dashboards/text/notes";
import { texts } from "../../../dashboards/text/texts";
import { flattened, textFiles } from "./text-files";

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

/** The marks of a text, sorted: another language has them in another order. */
function marksOf(text: string): string[] {
  return marks.flatMap((pattern) => text.match(pattern) ?? []).sort();
}

function numbersOf(text: string): string[] {
  return [...text.replaceAll(/\{\{.*?\}\}/g, "").matchAll(/\d+/g)].map(([number]) => number);
}

/** Names of notes in a text, sorted: another language has them in another order. */
function notesOf(text: string): string[] {
  return [...text.replaceAll(/\{\{.*?\}\}/g, "").matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();
}

const english = flattened(texts.en);
const englishFiles = textFiles("en");

describe("notes in texts", () => {
  it("take the place of their names in braces, and leave what Grafana fills in", () => {
    const words = { a: "One. {note} {note}", b: { c: "{{ $values.A }} {note} {{note}}" } };
    assert.deepEqual(withNotes(words, { note: "Two." }), {
      a: "One. Two. Two.",
      b: { c: "{{ $values.A }} Two. {{note}}" },
    });
  });

  for (const [text, found] of [
    ["One. {nothing}", "{nothing}"],
    ["One. {toString}", "{toString}"],
    ["One. {a note}", "{a note}"],
    ["One. {note", "{note"],
    ["One. note}", "}"],
    ["One. {nested}", "{note}"],
  ] as const) {
    it(`are refused in "${text}"`, () => {
      const message = `"${text}": found "${found}"; expected one of note, nested in braces`;
      assert.throws(() => withNotes({ a: { b: text } }, { note: "Two.", nested: "Three. {note}" }), { message });
    });
  }

  it("are all used", () => {
    const used = new Set([...englishFiles.texts.values()].flatMap(notesOf));
    assert.deepEqual([...used].sort(), [...englishFiles.notes.keys()].sort());
  });
});

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

    it("has the notes that English has, in the same texts", () => {
      const files = textFiles(language);
      assert.deepEqual([...files.notes.keys()].sort(), [...englishFiles.notes.keys()].sort());
      for (const [path, words] of files.texts) {
        assert.deepEqual(notesOf(words), notesOf(englishFiles.texts.get(path) ?? ""), path);
      }
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

describe("names that are parts of ids and of paths of Grafana's API", () => {
  it("have no colon and no slash in any language", () => {
    for (const { alerts } of Object.values(texts)) {
      for (const name of [...Object.values(alerts.groups), alerts.contactPoint, alerts.muteTiming]) {
        assert.doesNotMatch(name, /[:/]/);
      }
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
