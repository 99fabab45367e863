import type { DatabaseFile, Entry } from "./database-file";

/** Key of the queue's own numbers. */
export const metadataKey = "qmv0";
/** Keys of the same in the queues of older collectors. */
export const oldMetadataKeys: readonly string[] = ["ri", "wi", "di"];
/** More than a collector ever sends at once. */
const longestMetadata = 2 ** 20;

/** The numbers that a queue keeps of itself: which of its items wait, and which are being sent. */
export interface QueueMetadata {
  readonly bytes: number;
  /** Index of the next item to send. */
  readonly read: number;
  /** Index of the next item to store. */
  readonly write: number;
  /** Indexes of the items that are being sent. */
  readonly dispatched: readonly number[];
}

/** Index of an item, by its key. Undefined: the key is not an item's. */
export function itemIndex(key: string): number | undefined {
  return /^(0|[1-9]\d{0,14})$/.test(key) ? Number(key) : undefined;
}

const fixed64 = 1;
const delimited = 2;
const fields = { items: 1, bytes: 2, read: 3, write: 4, dispatched: 5 } as const;

/** Decodes the value of {@link metadataKey}, a Protocol Buffers message. Undefined: it is none. */
export function decodeMetadata(value: Buffer): QueueMetadata | undefined {
  const numbers = new Map<number, number>();
  let dispatched: number[] = [];
  for (let position = 0; position < value.length;) {
    const [tag, start] = varint(value, position);
    const [field, type] = [tag >> 3, tag & 7];
    if (type === fixed64 && start + 8 <= value.length && field >= fields.items && field <= fields.write) {
      numbers.set(field, Number(value.readBigInt64LE(start)));
      position = start + 8;
    } else if (type === delimited && field === fields.dispatched) {
      const [length, first] = varint(value, start);
      if (length % 8 !== 0 || first + length > value.length) {
        return undefined;
      }
      dispatched = Array.from({ length: length / 8 }, (_, index) => Number(value.readBigInt64LE(first + 8 * index)));
      position = first + length;
    } else {
      return undefined;
    }
  }
  const number = (field: number) => numbers.get(field) ?? 0;
  const metadata = { bytes: number(fields.bytes), read: number(fields.read), write: number(fields.write), dispatched };
  return metadata.read < 0 || metadata.read > metadata.write ? undefined : metadata;
}

/** Reads the numbers of an entry with {@link metadataKey}. */
export function readMetadata(file: DatabaseFile, { offset, length }: Entry): QueueMetadata | undefined {
  return decodeMetadata(file.read(offset, Math.min(length, longestMetadata)));
}

/** The numbers of a queue of that many items, of which none was sent. */
export function encodeMetadata(items: number, bytes: number): Buffer {
  const numbers = { [fields.items]: items, [fields.bytes]: bytes, [fields.write]: items };
  return Buffer.concat(
    Object.entries(numbers).map(([field, number]) => {
      const encoded = Buffer.alloc(9);
      encoded.writeUInt8((Number(field) << 3) | fixed64);
      encoded.writeBigInt64LE(BigInt(number), 1);
      return encoded;
    }),
  );
}

/** Tells of an item whether it waits or is being sent. */
export function liveness({ read, write, dispatched }: QueueMetadata): (index: number) => boolean {
  const sending = new Set(dispatched);
  return (index) => (index >= read && index < write) || sending.has(index);
}

/** Sorts the numbers of one queue by time: each step adds to an index, or ends the sending of an item. */
export function byTime(left: QueueMetadata, right: QueueMetadata): number {
  const steps = ({ read, write }: QueueMetadata) => read + write;
  return steps(left) - steps(right) || right.dispatched.length - left.dispatched.length;
}

/** A number of Protocol Buffers, up to 28 bits, and where the next begins. */
function varint(value: Buffer, start: number): [number: number, next: number] {
  let number = 0;
  for (let index = 0; index < 4; index++) {
    const byte = value[start + index] ?? 0;
    number |= (byte & 127) << (7 * index);
    if (byte < 128) {
      return [number, start + index + 1];
    }
  }
  return [0, value.length + 1];
}
