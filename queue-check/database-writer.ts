import fs from "node:fs";

import type { DatabaseFile } from "./database-file";
import {
  bucketElement,
  bucketHeaderBytes,
  elementBytes,
  flags,
  metaPage,
  pageHeaderBytes,
  writePageHeader,
} from "./format";
import { encodeMetadata, metadataKey } from "./queue-metadata";
import type { Item } from "./salvage";
import { queueBucket } from "./tree";

const copiedAtOnce = 2 ** 20;
const rootPage = 2;

/** An entry to write: bytes, or a range of the damaged file. */
interface Entry {
  readonly key: string;
  readonly value: Buffer | Item;
  readonly flags?: number;
}

interface Child {
  readonly key: string;
  readonly page: number;
}

/** Entries of one page, and the first key of them. */
interface Group<T> {
  readonly key: string;
  readonly entries: T[];
}

/**
 * Writes a queue with these items as a new database. They get the indexes from 0 on, in their order: the collector would
 * send an empty export for an index without an item.
 */
export function writeQueue(descriptor: number, source: DatabaseFile, items: readonly Item[]): void {
  const writer = new Writer(descriptor, source);
  const bytes = items.reduce((sum, { length }) => sum + length, 0);
  const entries: Entry[] = items.map((item, index) => ({ key: String(index), value: item }));
  // As bytes: numbers by their digits, and the queue's own numbers last.
  entries.sort((left, right) => (left.key < right.key ? -1 : 1));
  entries.push({ key: metadataKey, value: encodeMetadata(items.length, bytes) });
  writer.write(entries);
}

class Writer {
  private next = rootPage + 1;
  private readonly pageSize: number;

  constructor(
    private readonly descriptor: number,
    private readonly source: DatabaseFile,
  ) {
    this.pageSize = source.pageSize;
  }

  write(entries: readonly Entry[]): void {
    let level = this.split(entries, ({ value }) => value.length).map((group) => this.leaf(this.next, group));
    while (level.length > 1) {
      level = this.split(level, () => 0).map((group) => this.branch(group));
    }
    const bucket = Buffer.alloc(bucketHeaderBytes);
    level.forEach(({ page }) => bucket.writeBigUInt64LE(BigInt(page)));
    const pages = this.next;
    const buckets = [{ key: queueBucket, value: bucket, flags: bucketElement }];
    this.leaf(rootPage, { key: queueBucket, entries: buckets });
    for (const transaction of [0, 1]) {
      const page = metaPage({ pageSize: this.pageSize, root: rootPage, pages, transaction });
      this.put(page, transaction * this.pageSize);
    }
    fs.ftruncateSync(this.descriptor, pages * this.pageSize);
  }

  /** Groups that fit into a page; what is larger has one for itself. */
  private split<T extends { readonly key: string }>(entries: readonly T[], valueLength: (entry: T) => number) {
    const groups: Group<T>[] = [];
    let group: Group<T> | undefined;
    let size = 0;
    for (const entry of entries) {
      const added = elementBytes + entry.key.length + valueLength(entry);
      if (group === undefined || size + added > this.pageSize) {
        group = { key: entry.key, entries: [] };
        groups.push(group);
        size = pageHeaderBytes;
      }
      group.entries.push(entry);
      size += added;
    }
    return groups;
  }

  private leaf(id: number, { key: first, entries }: Group<Entry>): Child {
    const head = Buffer.alloc(pageHeaderBytes + entries.length * elementBytes);
    let position = head.length;
    entries.forEach(({ key, value, flags: elementFlags = 0 }, index) => {
      const element = pageHeaderBytes + index * elementBytes;
      head.writeUInt32LE(elementFlags, element);
      head.writeUInt32LE(position - element, element + 4);
      head.writeUInt32LE(key.length, element + 8);
      head.writeUInt32LE(value.length, element + 12);
      position += key.length + value.length;
    });
    this.page(id, flags.leaf, head, entries.length, position);
    position = id * this.pageSize + head.length;
    for (const { key, value } of entries) {
      position = this.put(Buffer.from(key, "latin1"), position);
      position = Buffer.isBuffer(value) ? this.put(value, position) : this.copy(value, position);
    }
    return { key: first, page: id };
  }

  private branch({ key: first, entries: children }: Group<Child>): Child {
    const id = this.next;
    const head = Buffer.alloc(pageHeaderBytes + children.length * elementBytes);
    let position = head.length;
    children.forEach(({ key, page }, index) => {
      const element = pageHeaderBytes + index * elementBytes;
      head.writeUInt32LE(position - element, element);
      head.writeUInt32LE(key.length, element + 4);
      head.writeBigUInt64LE(BigInt(page), element + 8);
      position += key.length;
    });
    this.page(id, flags.branch, head, children.length, position);
    this.put(Buffer.from(children.map(({ key }) => key).join(""), "latin1"), id * this.pageSize + head.length);
    return { key: first, page: id };
  }

  private page(id: number, pageFlags: number, head: Buffer, count: number, size: number): void {
    const overflow = Math.ceil(size / this.pageSize) - 1;
    writePageHeader(head, { id, flags: pageFlags, count, overflow });
    this.put(head, id * this.pageSize);
    this.next = Math.max(this.next, id + overflow + 1);
  }

  private put(bytes: Buffer, position: number): number {
    return position + writeAll(this.descriptor, bytes, position);
  }

  private copy({ offset, length }: Item, position: number): number {
    for (let copied = 0; copied < length; copied += copiedAtOnce) {
      this.put(this.source.read(offset + copied, Math.min(copiedAtOnce, length - copied)), position + copied);
    }
    return position + length;
  }
}

/** A full volume takes a part, and refuses the rest. */
function writeAll(descriptor: number, bytes: Buffer, position: number): number {
  for (let written = 0; written < bytes.length;) {
    written += fs.writeSync(descriptor, bytes, written, bytes.length - written, position + written);
  }
  return bytes.length;
}
