import * as fs from "node:fs";

import { cut, type Damage, flipped, newerVersion, pageSize, swapped, unreadable, zeroed } from "./damage";

/** Where a file is cut, as shares of its length. */
const cuts = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.97];
/** Places on a page: its id, flags, count, overflow, and parts of the first two elements. */
const places = [0, 8, 10, 12, 17, 24, 33];

/** All ways in which a queue's file is damaged: each kind, at several places. */
export function damages(file: Buffer): Damage[] {
  const used = usedPages(file);
  return [
    ...[0, 1, pageSize - 1, pageSize, 3 * pageSize].map((length) => cut(file, length)),
    ...cuts.map((share) => cut(file, Math.floor(file.length * share))),
    ...some(used, 10).map((id) => zeroed(file, id)),
    ...[[0], [1], [0, 1]].map((ids) => zeroed(file, ...ids)),
    ...some(used, 5).map((id, index) => swapped(file, id, used.at((index * 7 + 3) % used.length)!)),
    ...some([0, 1, ...used], 12).map((id, index) => {
      return flipped(file, id * pageSize + places.at(index % places.length)!, (id + index) % 8);
    }),
    newerVersion(file),
    unreadable(file),
  ];
}

/** Puts a damaged file in a queue's place. */
export function writeDamaged(file: string, { kind, bytes }: Damage): void {
  if (kind === "unreadable") {
    fs.mkdirSync(file);
  } else {
    fs.writeFileSync(file, bytes);
  }
}

function some<T>(list: readonly T[], count: number): T[] {
  return list.filter((_, index) => index % Math.ceil(list.length / count) === 0);
}

/** Pages with a head, but for the meta pages. */
function usedPages(file: Buffer): number[] {
  return Array.from({ length: file.length / pageSize }, (_, id) => id).filter(
    (id) => id > 1 && file.readBigUInt64LE(id * pageSize) === BigInt(id) && file.readUInt16LE(id * pageSize + 8) !== 0,
  );
}
