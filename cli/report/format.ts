/** A number with so many digits after the point; never a negative zero. */
export function fixed(value: number, digits: number): string {
  return (Math.round(value * 10 ** digits) / 10 ** digits).toFixed(digits);
}

const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });

/** USD as a reader expects it, e.g. `$1,234.50`. */
export function usdText(usd: number): string {
  // Adding zero makes a negative zero positive.
  return dollars.format(Math.round(usd * 100) / 100 + 0);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text that HTML shows as it is, between tags and in quoted attributes. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}
