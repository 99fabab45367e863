/** A way to damage a file, and the bytes of the original that are no longer as they were. */
export interface Damage {
  readonly kind: string;
  readonly bytes: Buffer;
  readonly lost: readonly (readonly [start: number, end: number])[];
}

export const pageSize = 4096;

function copy(file: Buffer, change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(file);
  change(bytes);
  return bytes;
}

function pageRange(id: number): readonly [number, number] {
  return [id * pageSize, (id + 1) * pageSize];
}

/** The file ends there, as where a file system lost the last blocks. */
export function cut(file: Buffer, length: number): Damage {
  return { kind: length === 0 ? "empty" : "cut", bytes: file.subarray(0, length), lost: [[length, file.length]] };
}

/** A page that was never written. */
export function zeroed(file: Buffer, ...ids: readonly number[]): Damage {
  const bytes = copy(file, (changed) => {
    ids.forEach((id) => changed.fill(0, ...pageRange(id)));
  });
  return {
    kind: ids.every((id) => id < 2) ? `meta page zeroed, ${ids.length}` : "page zeroed",
    bytes,
    lost: ids.map(pageRange),
  };
}

/** Two pages, each written in the place of the other. */
export function swapped(file: Buffer, first: number, second: number): Damage {
  const bytes = copy(file, (changed) => {
    file.copy(changed, first * pageSize, ...pageRange(second));
    file.copy(changed, second * pageSize, ...pageRange(first));
  });
  return { kind: "pages swapped", bytes, lost: [pageRange(first), pageRange(second)] };
}

/** One bit of a page's head, of its elements, or of what follows. */
export function flipped(file: Buffer, offset: number, bit: number): Damage {
  const bytes = copy(file, (changed) => {
    changed[offset]! ^= 1 << bit;
  });
  return { kind: "bit flipped", bytes, lost: [pageRange(Math.floor(offset / pageSize))] };
}

/** Something that cannot be opened as a file. */
export function unreadable(file: Buffer): Damage {
  return { kind: "unreadable", bytes: Buffer.alloc(0), lost: [[0, file.length]] };
}

/** The meta pages of a database of another version. */
export function newerVersion(file: Buffer): Damage {
  const bytes = copy(file, (changed) => {
    [0, 1].forEach((id) => changed.writeUInt32LE(3, id * pageSize + 20));
  });
  return { kind: "newer version", bytes, lost: [pageRange(0), pageRange(1)] };
}

/** More than the protocol writes around an export's text, with the key. */
const around = 200;

/** Whether an export's text is on one of the leaves, and whole. It needs the head of its leaf, with the elements, too. */
export function isLeft(
  file: Buffer,
  leaves: readonly number[],
  { lost }: Damage,
  { start, end }: { readonly start: number; readonly end: number },
): boolean {
  const leaf = leafOf(file, start);
  if (leaf === undefined || !leaves.includes(leaf)) {
    return false;
  }
  const [head, headEnd] = pageRange(leaf);
  return lost.every(([from, to]) => (to <= start - around || from >= end + around) && (to <= head || from >= headEnd));
}

/** The leaf that has a place of a file. Undefined: of the leaf that was there, only the end is left. */
function leafOf(file: Buffer, offset: number): number | undefined {
  const place = Math.floor(offset / pageSize);
  const leaf = Array.from({ length: place + 1 }, (_, back) => place - back).find((page) => isHead(file, page));
  return leaf !== undefined && leaf + file.readUInt32LE(leaf * pageSize + 12) >= place ? leaf : undefined;
}

function isHead(file: Buffer, page: number): boolean {
  return file.readBigUInt64LE(page * pageSize) === BigInt(page) && file.readUInt16LE(page * pageSize + 8) === 2;
}

/** Leaves that the newest meta page leads to: read as simply as a sound file can be. */
export function liveLeaves(file: Buffer): number[] {
  const word = (offset: number) => Number(file.readBigUInt64LE(offset));
  const newest = word(16 + 48) > word(pageSize + 16 + 48) ? 0 : pageSize;
  const buckets = word(newest + 16 + 16);
  const element = buckets * pageSize + 16;
  const value = element + file.readUInt32LE(element + 4) + file.readUInt32LE(element + 8);
  const below = (page: number): number[] =>
    isHead(file, page)
      ? [page]
      : Array.from({ length: file.readUInt16LE(page * pageSize + 10) }, (_, index) =>
          word(page * pageSize + 16 + 16 * index + 8),
        ).flatMap(below);
  return word(value) === 0 ? [buckets] : below(word(value));
}

/** Whether the newest copy of the queue's own numbers is left: it is in the last live leaf. */
export function isNumbered(file: Buffer, leaves: readonly number[], damage: Damage): boolean {
  const leaf = leaves.at(-1)! * pageSize;
  const last = leaf + 16 * file.readUInt16LE(leaf + 10);
  const start = last + file.readUInt32LE(last + 4);
  const end = start + file.readUInt32LE(last + 8) + file.readUInt32LE(last + 12);
  return damage.lost.every(([from, to]) => (to <= leaf || from >= leaf + pageSize) && (to <= start || from >= end));
}
