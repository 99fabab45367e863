import type { DatabaseFile } from "./database-file";
import type { Meta } from "./format";
import { itemIndex, metadataKey, oldMetadataKeys, readMetadata } from "./queue-metadata";
import { type Bucket, bucketIn, lookUp, PageSet, walk } from "./tree";

/** The first transaction makes the collector's bucket; those before it are the file's. */
const firstTransaction = 2;
/** A write that failed, such as to a full volume, leaves an index without an item. The collector passes over it. */
const toleratedGaps = 1000;
/** The collector counts an item's bytes without its context, and does not count again what it sends again. */
const toleratedBytes = 2 ** 20;

/** The meta page that holds. Undefined: one of the two is damaged, so it may have been the newer one. */
export function newestMeta({ metas: [first, second] }: DatabaseFile): Meta | undefined {
  if (first === undefined || second === undefined) {
    return undefined;
  }
  return first.transaction > second.transaction ? first : second;
}

/** Whether the collector can open the file, and finds in it every item that the queue's own numbers name. */
export function isSound(file: DatabaseFile): boolean {
  const meta = newestMeta(file);
  if (meta === undefined || file.size < meta.pages * file.pageSize) {
    return false;
  }
  const pages = new PageSet(meta.pages);
  const buckets = file.page(meta.root);
  if (buckets?.kind !== "leaf" || !pages.add(buckets)) {
    return false;
  }
  const bucket = bucketIn(file, buckets);
  return bucket === undefined
    ? // The collector ended before it had made its bucket.
      buckets.entries.length === 0 && meta.transaction < firstTransaction
    : isConsistent(file, bucket, pages);
}

function isConsistent(file: DatabaseFile, bucket: Bucket, pages: PageSet): boolean {
  const entry = lookUp(file, bucket, metadataKey);
  const metadata = entry && readMetadata(file, entry);
  const [read, write] = [metadata?.read ?? 0, metadata?.write ?? 0];
  const beside: number[] = [];
  let waiting = 0;
  let bytes = 0;
  const others: string[] = [];
  const holes = walk(file, bucket, pages, ({ key, length }) => {
    const index = itemIndex(key);
    bytes += length;
    if (index !== undefined && index >= read && index < write) {
      waiting++;
    } else if (index !== undefined) {
      beside.push(index);
    } else if (key !== metadataKey) {
      others.push(key);
    }
  });
  if (holes.length > 0 || others.some((key) => !oldMetadataKeys.includes(key))) {
    return false;
  }
  if (metadata === undefined) {
    return entry === undefined && (others.length > 0 || beside.length === 0);
  }
  const dispatched = new Set(metadata.dispatched);
  return (
    write - read - waiting <= toleratedGaps &&
    beside.every((index) => dispatched.has(index)) &&
    Math.abs(metadata.bytes) <= 2 * bytes + toleratedBytes
  );
}
