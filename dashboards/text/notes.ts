/** Grafana's templates, which stay, and names in single braces. */
const braces = /\{\{.*?\}\}|\{(\w+)\}/g;

/**
 * Words with the note in the place of its name in braces, such as `{estimate}`.
 *
 * @throws if another brace is left: the name is misspelt, or a brace lacks its partner
 */
export function withNotes<Words>(words: Words, notes: Readonly<Record<string, string>>): Words {
  const known = new Map(Object.entries(notes));
  return JSON.parse(JSON.stringify(words), (_, value: unknown) =>
    typeof value === "string" ? filled(value, known) : value,
  ) as Words;
}

function filled(text: string, notes: ReadonlyMap<string, string>): string {
  const result = text.replaceAll(braces, (whole, name: string) => notes.get(name) ?? whole);
  const left = /\{[^{}]*\}?|\}/.exec(result.replaceAll(/\{\{.*?\}\}/g, ""));
  if (left !== null) {
    throw new Error(`"${text}": found "${left[0]}"; expected one of ${[...notes.keys()].join(", ")} in braces`);
  }
  return result;
}
