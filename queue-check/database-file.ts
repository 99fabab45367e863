import * as fs from "node:fs";

import {
  bucketElement,
  elementBytes,
  flags,
  longestKey,
  type Meta,
  metaPageBytes,
  type PageHeader,
  pageHeader,
  pageHeaderBytes,
  parseMeta,
} from "./format";

/** An entry of a leaf. */
export interface Entry {
  readonly key: string;
  readonly isBucket: boolean;
  /** Of the value, in the file. */
  readonly offset: number;
  readonly length: number;
}

/** A child of a branch. */
export interface Child {
  readonly key: string;
  readonly page: number;
}

/** A page with entries. */
export type Leaf = PageHeader & { readonly kind: "leaf"; readonly entries: readonly Entry[] };

/** A page whose head and keys are as bbolt writes them. */
export type Page = Leaf | (PageHeader & { readonly kind: "branch"; readonly children: readonly Child[] });

/** Page sizes that operating systems have, the commonest first. */
const pageSizes = [4096, 16384, 65536, 8192, 32768, 1024, 2048];
/** Pages that tell a page size. */
const triedPages = 64;

/** Reads a database file page by page, and values not at all. */
export class DatabaseFile {
  readonly size: number;
  readonly pageSize: number;
  /** Meta pages 0 and 1; undefined where the collector would not accept it. */
  readonly metas: readonly [Meta | undefined, Meta | undefined];

  constructor(readonly descriptor: number) {
    this.size = fs.fstatSync(descriptor).size;
    const first = this.meta(0);
    // The second tells where it is, which is at the size of the first.
    const found = first ?? pageSizes.map((size) => this.meta(size)).find((meta) => meta !== undefined);
    this.pageSize = found?.pageSize ?? this.likelyPageSize();
    this.metas = [first, this.meta(this.pageSize)];
  }

  /** Whole pages that the file has; the last may be cut. */
  get pages(): number {
    return Math.ceil(this.size / this.pageSize);
  }

  /** Up to that many bytes: fewer at the end of the file. */
  read(offset: number, length: number): Buffer {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, fs.readSync(this.descriptor, buffer, 0, length, offset));
  }

  /** A branch or leaf. Undefined: it is neither, or bbolt would not have written it so. */
  page(id: number): Page | undefined {
    const bytes = id < this.pages ? this.read(id * this.pageSize, this.pageSize) : Buffer.alloc(0);
    if (bytes.length < pageHeaderBytes) {
      return undefined;
    }
    const header = pageHeader(bytes);
    return header.id === id ? this.content(header, bytes, id * this.pageSize) : undefined;
  }

  /** The page inside the value of a small bucket. */
  inlinePage(offset: number, length: number): Page | undefined {
    const bytes = length < this.pageSize ? this.read(offset, length) : Buffer.alloc(0);
    return bytes.length < pageHeaderBytes ? undefined : this.content(pageHeader(bytes), bytes, offset, length);
  }

  private meta(offset: number): Meta | undefined {
    return offset < this.size ? parseMeta(this.read(offset, metaPageBytes)) : undefined;
  }

  /** Without a meta page: the size at which most pages are at the place that they name. */
  private likelyPageSize(): number {
    const matches = (size: number) => {
      const ids = Array.from({ length: Math.min(triedPages, Math.floor(this.size / size)) }, (_, id) => id);
      return ids.filter((id) => id > 0 && pageHeader(this.read(id * size, pageHeaderBytes)).id === id).length;
    };
    return pageSizes.reduce((best, size) => (matches(size) > matches(best) ? size : best));
  }

  /**
   * Elements, keys and values follow each other without a gap, and fill the pages that the head names.
   * @param length of the whole page with its overflow; for a page inside a value
   */
  private content(header: PageHeader, bytes: Buffer, start: number, length?: number): Page | undefined {
    const isLeaf = header.flags === flags.leaf;
    if (!isLeaf && header.flags !== flags.branch) {
      return undefined;
    }
    let position = pageHeaderBytes + header.count * elementBytes;
    const elements = position <= bytes.length ? bytes : this.read(start, position);
    const entries: Entry[] = [];
    const children: Child[] = [];
    let previous = "";
    for (let index = 0; index < header.count; index++) {
      const element = pageHeaderBytes + index * elementBytes;
      if (elements.length < element + elementBytes) {
        return undefined;
      }
      const first = elements.readUInt32LE(element);
      const place = isLeaf ? elements.readUInt32LE(element + 4) : first;
      const keyLength = elements.readUInt32LE(element + (isLeaf ? 8 : 4));
      const valueLength = isLeaf ? elements.readUInt32LE(element + 12) : 0;
      const isKept = place + element === position && keyLength > 0 && keyLength <= longestKey;
      if (!isKept || (isLeaf && first > bucketElement)) {
        return undefined;
      }
      const key = this.key(bytes, start, position, keyLength);
      // A key beyond the end of a file that was cut: what comes before it is there.
      if (key.length < keyLength) {
        return entries.length > 0 ? { ...header, kind: "leaf", entries } : undefined;
      }
      if (index > 0 && key <= previous) {
        return undefined;
      }
      position += keyLength;
      if (isLeaf) {
        entries.push({ key, isBucket: first === bucketElement, offset: start + position, length: valueLength });
      } else {
        children.push({ key, page: Number(elements.readBigUInt64LE(element + 8)) });
      }
      position += valueLength;
      previous = key;
    }
    const needed = Math.max(0, Math.ceil(position / this.pageSize) - 1);
    const isFilled = length === undefined ? needed === header.overflow : position === length;
    if (!isFilled || (!isLeaf && header.count === 0)) {
      return undefined;
    }
    return isLeaf ? { ...header, kind: "leaf", entries } : { ...header, kind: "branch", children };
  }

  /** Latin-1, so that keys have the order of their bytes. */
  private key(bytes: Buffer, start: number, position: number, length: number): string {
    const end = position + length;
    const found = end <= bytes.length ? bytes.subarray(position, end) : this.read(start + position, length);
    return found.toString("latin1");
  }
}
