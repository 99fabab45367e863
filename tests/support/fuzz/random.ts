import { Random as Seeded } from "../../../synthetic/random";

/** Chance that is the same each time: a case is made again from its seed and number. */
export class Random extends Seeded {
  constructor(seed: number, stream: number) {
    super(Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b));
  }

  /** An integer from 0, below `end`. */
  below(end: number): number {
    return this.integer(0, end - 1);
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}
