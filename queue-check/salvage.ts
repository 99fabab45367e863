import type { DatabaseFile, Entry, Leaf } from "./database-file";
import { byTime, itemIndex, liveness, metadataKey, type QueueMetadata, readMetadata } from "./queue-metadata";
import { newestMeta } from "./soundness";
import { type Bucket, bucketIn, type Hole, isWhole, lookUp, PageSet, walk } from "./tree";

/** Items that a consumer of the queue may have taken since numbers that are not the newest. */
const takenSince = 10;
/** Changes since which a queue is much as it was. */
const fewChanges = 3;
/** Items that wait or are being sent, more than a queue has that sends at once what it gets. */
const unsent = 3;
/** Transactions of a new file before the first change of its queue, with collector 0.155.0. */
const startTransactions = 7;
/** States of the database that are tried. */
const triedStates = 16;

const everything: readonly Hole[] = [{ from: "", to: undefined }];

/** An item of a queue, and where its bytes are in the file. */
export interface Item {
  readonly index: number;
  readonly offset: number;
  readonly length: number;
}

/** Yield of a damaged file. */
export interface Salvage {
  /** By index. */
  readonly items: readonly Item[];
  /** Items of which the file has nothing. Undefined: the queue's newest numbers are lost too. */
  readonly missing: number | undefined;
}

/** A state of the database: what was found in it, and which pages it has. */
interface State {
  readonly bucket: Bucket;
  readonly metadata: QueueMetadata | undefined;
}

type KnownState = State & { readonly metadata: QueueMetadata };

interface Scan {
  /** Ids of leaves that no tree names, and of what was freed and not written again. */
  readonly leaves: readonly number[];
  readonly heads: PageSet;
  /** The newest first. */
  readonly states: readonly KnownState[];
  /** Of the items on those leaves. */
  readonly indexes: ReadonlySet<number>;
  /** All copies of the queue's numbers, the newest first. */
  readonly copies: readonly QueueMetadata[];
}

/**
 * The items of a damaged file that were not sent. Items that its tree leads to are in the queue. Where a part of the tree
 * is damaged, leaves that it does not lead to may be a part of it, or older copies. The queue's own numbers tell which of
 * their items are in the queue. An index is used once, so all copies of an item are alike.
 */
export function salvage(file: DatabaseFile): Salvage {
  const pages = new PageSet(file.pages);
  const items = new Map<number, Item>();
  if (newestMeta(file) === undefined) {
    return salvageState(file, scanLeaves(file, pages));
  }
  const newest = newestState(file);
  const holes = newest === undefined ? everything : read(file, newest.bucket, pages, items);
  const scan = scanLeaves(file, pages);
  const known = newest?.metadata ?? newerThanBefore(file, scan);
  // Numbers that are known name every item. Keys of a damaged branch may put a hole beside its place.
  const rule = known ? { holes: everything, isLive: liveness(known) } : { holes, isLive: guess(file, scan) };
  fill(file, scan, pages, items, rule);
  return result(items, known);
}

/** Without a meta page that is certain: the newest state of which everything is there. */
function salvageState(file: DatabaseFile, scan: Scan): Salvage {
  const tried = scan.states.slice(0, triedStates).map((state) => {
    const pages = new PageSet(file.pages);
    const items = new Map<number, Item>();
    return { ...state, pages, items, holes: read(file, state.bucket, pages, items) };
  });
  // A bucket that is no longer in use may lead to a page that is a part of another tree by now.
  const isComplete = ({ holes, items, metadata }: (typeof tried)[number]) =>
    holes.length === 0 && missingOf(items, metadata) === 0 && [...items.keys()].every(liveness(metadata));
  const state = tried.find(isComplete) ?? tried[0];
  if (state === undefined) {
    const items = new Map<number, Item>();
    fill(file, scan, new PageSet(file.pages), items, { holes: everything, isLive: guess(file, scan) });
    return result(items, undefined);
  }
  const { items, pages, metadata } = state;
  // Every state's numbers are among the copies.
  const last = scan.copies.reduce((newest) => newest);
  const isLive = liveness(last);
  // Newer numbers than those of the state are of a change that was not finished.
  const isLast = byTime(metadata, last) === 0;
  [...items.keys()].filter((index) => !isLast && !isLive(index)).forEach((index) => items.delete(index));
  fill(file, scan, pages, items, { holes: everything, isLive });
  return result(items, last);
}

function result(items: ReadonlyMap<number, Item>, metadata: QueueMetadata | undefined): Salvage {
  const sorted = [...items.values()].sort((left, right) => left.index - right.index);
  return { items: sorted, missing: metadata && Math.max(0, missingOf(items, metadata)) };
}

/** Items that the numbers have more than were found. */
function missingOf(items: ReadonlyMap<number, Item>, { read: next, write, dispatched }: QueueMetadata): number {
  return write - next + dispatched.length - items.size;
}

/** The state of the newest meta page. Undefined: it is not known, or nothing of it is there. */
function newestState(file: DatabaseFile): State | undefined {
  const meta = newestMeta(file);
  const buckets = meta && file.page(meta.root);
  const bucket = buckets && bucketIn(file, buckets);
  return bucket && stateOf(file, bucket);
}

function stateOf(file: DatabaseFile, bucket: Bucket): State {
  const entry = lookUp(file, bucket, metadataKey);
  return { bucket, metadata: entry && readMetadata(file, entry) };
}

/**
 * The newest copy of the numbers, where none was newer: it is newer than those of the last state but one, or a change that
 * was not finished has written over that state.
 */
function newerThanBefore(file: DatabaseFile, { copies: [newest] }: Scan): QueueMetadata | undefined {
  const [meta] = file.metas.filter((candidate) => candidate !== newestMeta(file));
  if (newest === undefined || meta === undefined || meta.pages > file.pages) {
    return undefined;
  }
  const buckets = file.page(meta.root);
  const bucket = buckets && bucketIn(file, buckets);
  const before = bucket && stateOf(file, bucket).metadata;
  return before === undefined || byTime(newest, before) > 0 ? newest : undefined;
}

/**
 * Without the newest numbers, an older copy decides. A queue that was long has sent little since. Of a short one, the next
 * items may have been sent, and must not be sent again. Without any numbers, the queue was long: a short one has them
 * beside its items.
 */
function guess(file: DatabaseFile, { copies, indexes }: Scan): (index: number) => boolean {
  const [newest] = copies;
  if (newest === undefined) {
    return () => true;
  }
  const { read: next, write, dispatched } = newest;
  const since = changesSince(file, newest);
  const later = [...indexes].filter((index) => index >= next + takenSince);
  const isBehind = write - ended(newest) >= unsent && since < fewChanges;
  // One less: the numbers are of a change that was not finished.
  const isNewest = since === 0 || since === -1;
  return isNewest || isBehind || later.length >= takenSince
    ? (index) => index >= next || dispatched.includes(index)
    : (index) => index >= next + takenSince + Math.max(0, since);
}

/**
 * Changes that the queue had at least since a copy of its numbers; exactly so many where the file is the queue's first.
 * Each is a transaction of the file, which is new at each start of the collector, so that the number may be below 0.
 */
function changesSince(file: DatabaseFile, copy: QueueMetadata): number {
  const transactions = Math.max(...file.metas.map((meta) => meta?.transaction ?? 0));
  return transactions - startTransactions - copy.write - copy.read - ended(copy);
}

/** Number of items whose sending has ended. */
function ended({ read: next, dispatched }: QueueMetadata): number {
  return next - dispatched.length;
}

/** Collects a state's items. */
function read(file: DatabaseFile, bucket: Bucket, pages: PageSet, items: Map<number, Item>): Hole[] {
  return walk(file, bucket, pages, (entry) => {
    addItem(items, entry);
  });
}

function addItem(items: Map<number, Item>, { key, offset, length }: Entry): void {
  const index = itemIndex(key);
  if (index !== undefined) {
    items.set(index, { index, offset, length });
  }
}

/** Looks at all pages but those of a tree. */
function scanLeaves(file: DatabaseFile, known: PageSet): Scan {
  const heads = new PageSet(file.pages);
  const leaves: number[] = [];
  for (let id = 2; id < file.pages; id++) {
    const page = known.has(id) ? undefined : file.page(id);
    if (page !== undefined) {
      heads.add({ ...page, overflow: 0 });
    }
    if (page?.kind === "leaf") {
      leaves.push(id);
    }
  }
  const states: KnownState[] = [];
  const indexes = new Set<number>();
  const copies: QueueMetadata[] = [];
  for (const page of pagesOf(file, leaves)) {
    const bucket = bucketIn(file, page);
    const { metadata } = bucket === undefined ? {} : stateOf(file, bucket);
    if (bucket !== undefined && metadata !== undefined) {
      states.push({ bucket, metadata });
      copies.push(metadata);
    }
    const entries = intactEntries(file, page, [known, heads]);
    entries.flatMap(({ key }) => itemIndex(key) ?? []).forEach((index) => indexes.add(index));
    const entry = entries.find(({ key }) => key === metadataKey);
    const copy = entry && readMetadata(file, entry);
    copies.push(...(copy ? [copy] : []));
  }
  return {
    leaves,
    heads,
    indexes,
    states: states.sort((left, right) => byTime(right.metadata, left.metadata)),
    copies: copies.sort((left, right) => byTime(right, left)),
  };
}

/** Reads pages one by one: all of them may be more than fits into memory. */
function* pagesOf(file: DatabaseFile, ids: readonly number[]): Generator<Leaf> {
  for (const id of ids) {
    yield* [file.page(id)].filter((page) => page?.kind === "leaf");
  }
}

/** Entries of a leaf whose values were not written over, nor cut. */
function intactEntries(file: DatabaseFile, page: Leaf, others: readonly PageSet[]): Entry[] {
  const isIntact = (entry: Entry) => {
    const pageOf = (offset: number) => Math.floor(offset / file.pageSize);
    const last = pageOf(entry.offset + Math.max(0, entry.length - 1));
    for (let id = Math.max(page.id + 1, pageOf(entry.offset)); id <= last; id++) {
      if (others.some((pages) => pages.has(id))) {
        return false;
      }
    }
    return isWhole(file, entry);
  };
  return page.entries.filter(isIntact);
}

/** Adds items from leaves that the tree does not lead to, where the tree tells nothing of their keys. */
function fill(
  file: DatabaseFile,
  { leaves, heads }: Scan,
  known: PageSet,
  items: Map<number, Item>,
  { holes, isLive }: { readonly holes: readonly Hole[]; readonly isLive: (index: number) => boolean },
): void {
  const isLost = (key: string) => holes.some(({ from, to }) => key >= from && (to === undefined || key < to));
  const others = leaves.filter((id) => holes.length > 0 && !known.has(id));
  for (const page of pagesOf(file, others)) {
    for (const entry of intactEntries(file, page, [known, heads])) {
      const index = itemIndex(entry.key);
      if (index !== undefined && !items.has(index) && isLost(entry.key) && isLive(index)) {
        addItem(items, entry);
      }
    }
  }
}
