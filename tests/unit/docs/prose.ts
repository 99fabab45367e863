/** Most words of a sentence; code in backticks is one word. */
export const longestSentence = 25;

/** Phrases that stand for a noun of the field, or for a name of the actor. */
const banned: readonly RegExp[] = [
  /\bfound nothing\b/i,
  /\bwhat (?:came|comes|leaves|arrives) (?:late|a queue)\b/i,
  /\btells? (?:\w+ ){0,3}apart\b/i,
  /\bis no (?:UTF-8|number)\b/i,
  /\b(?:[Ww]hoever|[Ww]homever|[Ww]hatever it is)\b/,
];

/** Words that name no actor: a statement does not begin with them. */
const vagueBeginning = /^(?:What|Who|Whom|That|Such)\b(?! (?:is why|way)\b)/;

const sentences = new Intl.Segmenter("en", { granularity: "sentence" });
const words = new Intl.Segmenter("en", { granularity: "word" });

/** Violations of the rules for prose in a Markdown document, each with its sentence. Code and tables are left out. */
export function proseViolations(markdown: string): string[] {
  return paragraphsOf(markdown).flatMap((paragraph) => {
    let before = "";
    return sentencesOf(paragraph).flatMap((sentence) => {
      const found = violationsOf(sentence, before).map((rule) => `${rule}: ${sentence}`);
      before = sentence;
      return found;
    });
  });
}

function violationsOf(sentence: string, before: string): string[] {
  const count = wordsOf(sentence);
  const phrase = banned.find((pattern) => pattern.test(sentence));
  return [
    ...(count > longestSentence ? [`${count} words`] : []),
    ...(phrase === undefined ? [] : [`phrase ${phrase.source}`]),
    ...(vagueBeginning.test(sentence) && !sentence.endsWith("?") ? ["beginning without an actor"] : []),
    ...(/^It\b/.test(sentence) && /^It\b/.test(before) ? ["It twice in a row"] : []),
  ];
}

/** Paragraphs and items of lists, without marks of Markdown. */
function paragraphsOf(markdown: string): string[] {
  return markdown
    .replaceAll(/^```[^]*?^```/gm, "\n")
    .replaceAll(/<!--[^]*?-->/g, "\n")
    .replaceAll(/^(?:\||#).*$/gm, "\n")
    .split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )/)
    .map((paragraph) => plain(paragraph).trim())
    .filter((paragraph) => paragraph !== "");
}

/** Code and links get a capital letter, because a sentence may begin with them. */
function plain(paragraph: string): string {
  return paragraph
    .replace(/^\s*(?:[-*]|\d+\.) /, "")
    .replaceAll(/`[^`]+`/g, "Code")
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, (_, text: string) => text.charAt(0).toUpperCase() + text.slice(1))
    .replaceAll(/\*\*|(?<!\w)_|_(?!\w)/g, "")
    .replaceAll(/\s+/g, " ");
}

/** A colon before a capital letter ends a sentence, too, as an abbreviation does not. */
function sentencesOf(paragraph: string): string[] {
  const text = paragraph.replaceAll(/: (?=[A-Z])/g, ". ").replaceAll(/\b(e\.g|i\.e|etc)\./g, "$1");
  return [...sentences.segment(text)].map(({ segment }) => segment.trim());
}

function wordsOf(sentence: string): number {
  return [...words.segment(sentence)].filter(({ isWordLike }) => isWordLike === true).length;
}

/** Comments of a TypeScript source as Markdown: doc comments, and whole lines. Tags of TSDoc begin a paragraph. */
export function commentsOf(source: string): string[] {
  return [...source.matchAll(/\/\*\*[^]*?\*\/|(?:^[ \t]*\/\/ .*\n)+/gm)].map(([comment]) =>
    comment
      .replace(/\*\/$/, "")
      .replaceAll(/^[ \t]*(?:\/\*\*|\*|\/\/) ?/gm, "")
      .replaceAll(/^@\w+(?: \w+)? ?/gm, "\n\n")
      .replaceAll(/\{@link (\w+)\}/g, "`$1`"),
  );
}
