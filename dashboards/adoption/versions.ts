/**
 * A pattern that matches the versions older than the given one, as PromQL cannot compare them.
 *
 * @param minimum three numbers, e.g. `2.1.330`; undefined if every version will do
 */
export function olderVersions(minimum: string | undefined): string | undefined {
  if (minimum === undefined) {
    return undefined;
  }
  const numbers = minimum.split(".").map(Number);
  const older = numbers.flatMap((number, index) => {
    const same = numbers.slice(0, index).map((before) => `${before}[.]`);
    const rest = index === numbers.length - 1 ? "([^0-9].*)?" : "[.].*";
    return number === 0 ? [] : [`${same.join("")}(${smallerNumbers(number)})${rest}`];
  });
  // No version is older than 0.0.0: a pattern that no version matches.
  return older.length === 0 ? "[^ -~]+" : older.join("|");
}

/** A pattern for the whole numbers below `limit`, which is at least 1. */
function smallerNumbers(limit: number): string {
  const digits = String(limit);
  const shorter = digits.length === 1 ? [] : [`[0-9]{1,${digits.length - 1}}`];
  const asLong = Array.from(digits).flatMap((digit, index) => {
    const rest = digits.length - index - 1;
    const below = `${digits.slice(0, index)}[0-${Number(digit) - 1}]${rest === 0 ? "" : `[0-9]{${rest}}`}`;
    return digit === "0" ? [] : [below];
  });
  return [...shorter, ...asLong].join("|");
}
