import type { DatabaseFile, Entry, Leaf, Page } from "./database-file";
import { bucketHeaderBytes } from "./format";

/** Name of the one bucket in which the collector keeps a queue. */
export const queueBucket = "default";
/** More levels than a file can have. */
const deepest = 32;

/** Place of a bucket's entries: pages of the file, or a value in the bucket of buckets. */
export type Bucket = { readonly root: number } | { readonly offset: number; readonly length: number };

/** Keys from one, up to another or to the end, of which the tree tells nothing. */
export interface Hole {
  readonly from: string;
  readonly to: string | undefined;
}

/** Pages that something was found on. */
export class PageSet {
  private readonly bits: DataView;

  constructor(private readonly pages: number) {
    this.bits = new DataView(new ArrayBuffer(Math.ceil(pages / 8)));
  }

  has(page: number): boolean {
    return page < this.pages && (this.bits.getUint8(Math.floor(page / 8)) & (1 << (page % 8))) !== 0;
  }

  /** Adds a page with its overflow, unless it is out of range, or one of them is here already. */
  add({ id, overflow }: Page): boolean {
    const length = Math.min(overflow + 1, this.pages - id);
    const ids = Array.from({ length: Math.max(0, length) }, (_, index) => id + index);
    if (ids.length === 0 || ids.some((page) => this.has(page))) {
      return false;
    }
    ids.forEach((page) => {
      const byte = Math.floor(page / 8);
      this.bits.setUint8(byte, this.bits.getUint8(byte) | (1 << (page % 8)));
    });
    return true;
  }
}

/** The queue's bucket, as a leaf of the bucket of buckets names it. */
export function bucketIn(file: DatabaseFile, page: Page): Bucket | undefined {
  const entry = page.kind === "leaf" ? page.entries.find(({ key }) => key === queueBucket) : undefined;
  if (entry === undefined || !entry.isBucket || entry.length < bucketHeaderBytes || !isWhole(file, entry)) {
    return undefined;
  }
  const header = file.read(entry.offset, bucketHeaderBytes);
  const root = Number(header.readBigUInt64LE());
  return root === 0 ? { offset: entry.offset + bucketHeaderBytes, length: entry.length - bucketHeaderBytes } : { root };
}

/** Whether the whole value is in the file, which may have been cut. */
export function isWhole(file: DatabaseFile, { offset, length }: Entry): boolean {
  return offset + length <= file.size;
}

/**
 * Visits the entries of a bucket, in the order of their keys.
 * @param pages gets the pages of the tree; no page is visited twice
 * @returns what could not be read
 */
export function walk(file: DatabaseFile, bucket: Bucket, pages: PageSet, visit: (entry: Entry) => void): Hole[] {
  if (!("root" in bucket)) {
    const page = file.inlinePage(bucket.offset, bucket.length);
    return page?.kind === "leaf"
      ? walkLeaf(file, page, { from: "", to: undefined }, visit)
      : [{ from: "", to: undefined }];
  }
  return walkPage(file, bucket.root, { from: "", to: undefined }, pages, visit);
}

function walkPage(file: DatabaseFile, id: number, range: Hole, pages: PageSet, visit: (entry: Entry) => void): Hole[] {
  const page = id < 2 || pages.has(id) ? undefined : file.page(id);
  if (page === undefined || !isWithin(page, range) || !pages.add(page)) {
    return [range];
  }
  return page.kind === "leaf"
    ? walkLeaf(file, page, range, visit)
    : page.children.flatMap((child, index) => {
        const to = page.children[index + 1]?.key ?? range.to;
        return walkPage(file, child.page, { from: child.key, to }, pages, visit);
      });
}

function isWithin(page: Page, { from, to }: Hole): boolean {
  const keys = page.kind === "leaf" ? page.entries : page.children;
  const [first, last] = [keys[0]?.key, keys.at(-1)?.key];
  // An empty page is none of bbolt's: it keeps an empty bucket inside the bucket of buckets.
  // A branch has the first key of each child; nothing names that of the first page.
  const isFirst = first !== undefined && (first === from || from === "");
  return isFirst && last !== undefined && (to === undefined || last < to);
}

function walkLeaf(file: DatabaseFile, page: Leaf, range: Hole, visit: (entry: Entry) => void): Hole[] {
  const read = page.entries.filter((entry) => isWhole(file, entry));
  read.forEach(visit);
  if (read.length === page.count) {
    return [];
  }
  // The file ends before them: the first keys are those that are there.
  const last = read.at(-1)?.key;
  return [{ from: last === undefined ? range.from : `${last}\0`, to: range.to }];
}

/** One entry of a bucket, without a look at the rest of the tree. */
export function lookUp(file: DatabaseFile, bucket: Bucket, key: string): Entry | undefined {
  let page = "root" in bucket ? file.page(bucket.root) : file.inlinePage(bucket.offset, bucket.length);
  for (let level = 0; page?.kind === "branch" && level < deepest; level++) {
    const child = page.children.findLast((candidate) => candidate.key <= key);
    page = child && file.page(child.page);
  }
  const entry = page?.kind === "leaf" ? page.entries.find((candidate) => candidate.key === key) : undefined;
  return entry && isWhole(file, entry) ? entry : undefined;
}
