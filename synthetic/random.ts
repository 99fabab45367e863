/**
 * A small pseudo-random generator (mulberry32): the same seed gives the same numbers on every machine, and nothing of
 * it is a secret.
 */
export class Random {
  private state: number;

  /** @param seed any whole number; its lowest 32 bits count */
  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A generator of its own for each subject, so that drawing more for one changes nothing for the others. */
  static for(...subject: readonly (string | number)[]): Random {
    // FNV-1a, 32 bits.
    let hash = 0x811c9dc5;
    for (const character of subject.join("|")) {
      hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
    }
    return new Random(hash);
  }

  /** A number from 0, included, to 1, excluded. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /**
   * One of the choices.
   *
   * @throws Error if there are none
   */
  pick<T>(choices: readonly T[]): T {
    const choice = choices[Math.floor(this.next() * choices.length)];
    if (choice === undefined) {
      throw new Error("nothing to pick from; expected at least one choice");
    }
    return choice;
  }

  /** One of the choices, each as likely as its weight. */
  weighted<T>(choices: readonly (readonly [choice: T, weight: number])[]): T {
    let rest = this.next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [choice, weight] of choices) {
      rest -= weight;
      if (rest < 0) {
        return choice;
      }
    }
    return this.pick(choices)[0];
  }

  /** Lower-case hexadecimal digits. */
  hex(digits: number): string {
    const eight = (): string =>
      Math.floor(this.next() * 2 ** 32)
        .toString(16)
        .padStart(8, "0");
    return Array.from({ length: Math.ceil(digits / 8) }, eight)
      .join("")
      .slice(0, digits);
  }

  /** In the form of a version 4 UUID. */
  uuid(): string {
    const variant = this.pick(["8", "9", "a", "b"]);
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-${variant}${this.hex(3)}-${this.hex(12)}`;
  }
}
