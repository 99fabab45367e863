/** The layout of bbolt's database files, as far as a queue has it. All numbers are little-endian. */

/** Bytes before the content of a page: id (8), flags (2), count (2), number of overflow pages (4). */
export const pageHeaderBytes = 16;
/** Bytes of an element of a branch page or of a leaf page. */
export const elementBytes = 16;
/** Bytes of a bucket's value: page id of its root, and a sequence. An inline page follows where the id is 0. */
export const bucketHeaderBytes = 16;
export const flags = { branch: 1, leaf: 2, meta: 4 } as const;
/** Flag of a leaf element whose value is a bucket. */
export const bucketElement = 1;
/** Longer keys are none of bbolt's. */
export const longestKey = 32768;

/** Head of a page. */
export interface PageHeader {
  readonly id: number;
  readonly flags: number;
  readonly count: number;
  /** Pages that follow and belong to it. */
  readonly overflow: number;
}

/** Reads a page's head at an offset of a buffer. */
export function pageHeader(buffer: Buffer, offset = 0): PageHeader {
  return {
    id: Number(buffer.readBigUInt64LE(offset)),
    flags: buffer.readUInt16LE(offset + 8),
    count: buffer.readUInt16LE(offset + 10),
    overflow: buffer.readUInt32LE(offset + 12),
  };
}

/** Writes a page's head to the start of a buffer. */
export function writePageHeader(buffer: Buffer, header: PageHeader): void {
  buffer.writeBigUInt64LE(BigInt(header.id), 0);
  buffer.writeUInt16LE(header.flags, 8);
  buffer.writeUInt16LE(header.count, 10);
  buffer.writeUInt32LE(header.overflow, 12);
}

const metaBytes = 64;
const checkedBytes = 56;
const magic = 0xed0cdaed;
const version = 2;
/** In place of the page of a list of free pages: the collector writes none. */
const noFreelist = 0xffff_ffff_ffff_ffffn;

/** Content of a meta page: one state of the database. */
export interface Meta {
  readonly pageSize: number;
  /** Page id of the bucket of buckets. */
  readonly root: number;
  /** Pages of the file; none with this number or a higher one is in use. */
  readonly pages: number;
  /** Of two meta pages, the one with the higher number holds. */
  readonly transaction: number;
}

/** Bytes of a meta page that {@link parseMeta} needs. */
export const metaPageBytes = pageHeaderBytes + metaBytes;

/** Reads a meta page. Undefined: the collector would not accept it. */
export function parseMeta(page: Buffer): Meta | undefined {
  const meta = page.subarray(pageHeaderBytes, metaPageBytes);
  if (
    meta.length < metaBytes ||
    meta.readUInt32LE(0) !== magic ||
    meta.readUInt32LE(4) !== version ||
    meta.readBigUInt64LE(checkedBytes) !== fnv1a(meta.subarray(0, checkedBytes))
  ) {
    return undefined;
  }
  return {
    pageSize: meta.readUInt32LE(8),
    root: Number(meta.readBigUInt64LE(16)),
    pages: Number(meta.readBigUInt64LE(40)),
    transaction: Number(meta.readBigUInt64LE(48)),
  };
}

/** Writes a whole meta page. */
export function metaPage(meta: Meta): Buffer {
  const page = Buffer.alloc(meta.pageSize);
  writePageHeader(page, { id: meta.transaction % 2, flags: flags.meta, count: 0, overflow: 0 });
  const content = page.subarray(pageHeaderBytes, metaPageBytes);
  content.writeUInt32LE(magic, 0);
  content.writeUInt32LE(version, 4);
  content.writeUInt32LE(meta.pageSize, 8);
  content.writeBigUInt64LE(BigInt(meta.root), 16);
  content.writeBigUInt64LE(noFreelist, 32);
  content.writeBigUInt64LE(BigInt(meta.pages), 40);
  content.writeBigUInt64LE(BigInt(meta.transaction), 48);
  content.writeBigUInt64LE(fnv1a(content.subarray(0, checkedBytes)), checkedBytes);
  return page;
}

/** The hash FNV-1a of 64 bits. */
function fnv1a(bytes: Buffer): bigint {
  return bytes.reduce(
    (hash, byte) => ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffff_ffff_ffff_ffffn,
    0xcbf29ce484222325n,
  );
}
