import * as fs from "node:fs";
import * as path from "node:path";

import { temporaryDirectory } from "../../support/processes";

/** Pages as bbolt lays them out; written from its format, and not with what is tested. */
export const pageSize = 4096;

export interface Element {
  readonly key: string;
  readonly value?: Buffer;
  readonly flags?: number;
  /** Of a branch. */
  readonly child?: number;
}

/** Numbers of a queue, as the collector stores them. */
export function numbers(read: number, write: number, dispatched: readonly number[] = [], bytes = 1000): Buffer {
  const fields = [1, bytes, read, write].map((number, index) => {
    const field = Buffer.alloc(9);
    field[0] = ((index + 1) << 3) | 1;
    field.writeBigUInt64LE(BigInt(number), 1);
    return field;
  });
  const packed = Buffer.alloc(2 + 8 * dispatched.length);
  packed[0] = (5 << 3) | 2;
  packed[1] = 8 * dispatched.length;
  dispatched.forEach((index, at) => packed.writeBigUInt64LE(BigInt(index), 2 + 8 * at));
  return Buffer.concat([...fields, ...(dispatched.length > 0 ? [packed] : [])]);
}

export function item(index: number, bytes = 100): Element {
  return { key: String(index), value: Buffer.alloc(bytes, `item ${index} `) };
}

export function meta(transaction: number, root: number, pages: number, size = pageSize): Buffer {
  const page = Buffer.alloc(size);
  page.writeBigUInt64LE(BigInt(transaction % 2), 0);
  page.writeUInt16LE(4, 8);
  page.writeUInt32LE(0xed0cdaed, 16);
  page.writeUInt32LE(2, 20);
  page.writeUInt32LE(size, 24);
  page.writeBigUInt64LE(BigInt(root), 32);
  page.writeBigUInt64LE(0xffff_ffff_ffff_ffffn, 48);
  page.writeBigUInt64LE(BigInt(pages), 56);
  page.writeBigUInt64LE(BigInt(transaction), 64);
  let hash = 0xcbf29ce484222325n;
  for (const byte of page.subarray(16, 72)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  page.writeBigUInt64LE(hash, 72);
  return page;
}

/** A leaf or branch without padding. */
export function content(id: number, kind: "leaf" | "branch", elements: readonly Element[], size = pageSize): Buffer {
  const head = Buffer.alloc(16 + 16 * elements.length);
  const tail: Buffer[] = [];
  let position = head.length;
  elements.forEach(({ key, value = Buffer.alloc(0), flags = 0, child = 0 }, index) => {
    const at = 16 + 16 * index;
    if (kind === "leaf") {
      [flags, position - at, key.length, value.length].forEach((number, word) =>
        head.writeUInt32LE(number, at + 4 * word),
      );
    } else {
      head.writeUInt32LE(position - at, at);
      head.writeUInt32LE(key.length, at + 4);
      head.writeBigUInt64LE(BigInt(child), at + 8);
    }
    tail.push(Buffer.from(key), value);
    position += key.length + value.length;
  });
  head.writeBigUInt64LE(BigInt(id), 0);
  head.writeUInt16LE(kind === "leaf" ? 2 : 1, 8);
  head.writeUInt16LE(elements.length, 10);
  head.writeUInt32LE(Math.ceil(position / size) - 1, 12);
  return Buffer.concat([head, ...tail]);
}

export function leaf(id: number, ...elements: readonly Element[]): Buffer {
  return padded(content(id, "leaf", elements));
}

export function branch(id: number, children: Readonly<Record<string, number>>): Buffer {
  const elements = Object.entries(children).map(([key, child]) => ({ key, child }));
  return padded(
    content(
      id,
      "branch",
      elements.sort((left, right) => (left.key < right.key ? -1 : 1)),
    ),
  );
}

/** The bucket of buckets, with the queue's bucket elsewhere, or inside. */
export function buckets(id: number, root: number | readonly Element[], name = "default"): Buffer {
  const header = Buffer.alloc(16);
  header.writeBigUInt64LE(BigInt(typeof root === "number" ? root : 0));
  const inline = typeof root === "number" ? [] : [content(0, "leaf", root)];
  return leaf(id, { key: name, value: Buffer.concat([header, ...inline]), flags: 1 });
}

export function padded(bytes: Buffer, size = pageSize): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(Math.ceil(bytes.length / size) * size - bytes.length)]);
}

/** A new folder of queues, with these files. */
export function queueFolder(files: Readonly<Record<string, Buffer>>): string {
  const folder = temporaryDirectory("queues");
  for (const [name, bytes] of Object.entries(files)) {
    fs.writeFileSync(path.join(folder, name), bytes);
  }
  return folder;
}
