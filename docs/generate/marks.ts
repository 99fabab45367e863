/**
 * A document with text between its marks `<!-- name -->` and `<!-- end of name -->`, in place of what is there.
 *
 * @throws Error if a mark is missing
 */
export function withMarked(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`found no "${begin}" … "${end}"; expected both, around the generated part`);
  }
  return [before, begin, "\n\n", text, "\n\n", end, after].join("");
}
