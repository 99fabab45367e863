import assert from "node:assert/strict";

import {
  branch,
  buckets,
  content,
  type Element,
  item,
  leaf,
  meta,
  numbers,
  padded,
  pageSize,
} from "./database-builder";
import { checkOne } from "./check";

const queueNumbers = (...args: Parameters<typeof numbers>): Element => ({ key: "qmv0", value: numbers(...args) });
const texts = (...indexes: readonly number[]) => indexes.map((index) => `item ${index}`);
const zeros = Buffer.alloc(pageSize);
const damaged = (page: Buffer) => Buffer.concat([Buffer.from([page[0]! + 1]), page.subarray(1)]);
const file = (...pages: readonly Buffer[]) => Buffer.concat(pages);

const word = (page: Buffer, offset: number, value: number) => {
  const bytes = Buffer.from(page);
  bytes.writeUInt16LE(value, offset);
  return bytes;
};

/** Two leaves below a branch: 3 and 4 are being sent, 5 and 6 wait. The newest state is that of transaction 9. */
const newest = {
  metas: [meta(8, 7, 10), meta(9, 2, 10)],
  buckets: buckets(2, 3),
  branch: branch(3, { "3": 4, "5": 5 }),
  first: leaf(4, item(3), item(4)),
  last: leaf(5, item(5), item(6), queueNumbers(5, 7, [3, 4])),
  /** The state before: 6 was not there yet. */
  oldLast: leaf(6, item(5), queueNumbers(5, 6, [3, 4])),
  oldBuckets: buckets(7, 8),
  oldBranch: branch(8, { "3": 4, "5": 6 }),
};
const whole = [
  ...newest.metas,
  newest.buckets,
  newest.branch,
  newest.first,
  newest.last,
  newest.oldLast,
  newest.oldBuckets,
  newest.oldBranch,
  zeros,
];
const changed = (pages: Readonly<Record<number, Buffer>>) => file(...whole.map((page, id) => pages[id] ?? page));

describe("check of a queue file", () => {
  it("leaves a sound file as it is", () => {
    const sound = {
      "a tree": changed({}),
      "an empty queue, inside the bucket of buckets": file(
        meta(0, 2, 3),
        meta(1, 2, 3),
        buckets(2, [queueNumbers(4, 4)]),
      ),
      "newer numbers in the first meta page": changed({ 0: meta(10, 2, 10) }),
      "no bucket yet": file(meta(0, 2, 3), meta(1, 2, 3), leaf(2)),
      "no numbers yet": file(meta(0, 2, 3), meta(1, 2, 3), buckets(2, [])),
      "a queue of an older collector": file(meta(0, 2, 3), meta(1, 2, 3), buckets(2, [item(1), { key: "ri" }])),
      "an item that is being sent, and was taken out": file(
        ...[meta(0, 2, 3), meta(1, 2, 3), buckets(2, [item(4), queueNumbers(4, 5, [3])])],
      ),
      "an index without an item": file(meta(0, 2, 3), meta(1, 2, 3), buckets(2, [item(4), queueNumbers(4, 6)])),
    };
    for (const [title, bytes] of Object.entries(sound)) {
      const { checked } = checkOne(bytes);
      assert.deepEqual(checked, { file: checked.file, state: "sound" }, title);
    }
  });

  const salvaged: Readonly<Record<string, readonly [bytes: Buffer, items: readonly string[], missing?: number]>> = {
    "a leaf": [changed({ 4: damaged(newest.first) }), texts(5, 6), 2],
    "a leaf of zeros": [changed({ 4: zeros }), texts(5, 6), 2],
    "a branch: its leaves are found": [changed({ 3: damaged(newest.branch) }), texts(3, 4, 5, 6), 0],
    "the bucket of buckets: its leaves are found": [changed({ 2: zeros }), texts(3, 4, 5, 6), 0],
    "the newest meta page: the newest state is found": [changed({ 1: zeros }), texts(3, 4, 5, 6), 0],
    "the older meta page": [changed({ 0: zeros }), texts(3, 4, 5, 6), 0],
    "both meta pages": [changed({ 0: zeros, 1: zeros }), texts(3, 4, 5, 6), 0],
    "both meta pages and a leaf: newer numbers than the last whole state's": [
      changed({ 0: zeros, 1: zeros, 3: zeros }),
      texts(3, 4, 5, 6),
      0,
    ],
    "the end of the file, where nothing is": [file(...whole).subarray(0, 9 * pageSize), texts(3, 4, 5, 6), 0],
    "a key": [changed({ 4: leaf(4, item(3), { key: "4x", value: Buffer.alloc(5) }) }), texts(3, 5, 6), 1],
    "an item's key, twice": [changed({ 4: leaf(4, item(3), item(3)) }), texts(5, 6), 2],
    "a key beyond its leaf's range": [changed({ 4: leaf(4, item(3), item(9)) }), texts(3, 5, 6), 1],
    "a page's kind": [changed({ 4: word(newest.first, 8, 16) }), texts(5, 6), 2],
    "a page's number of elements": [changed({ 4: word(newest.first, 10, 3) }), texts(5, 6), 2],
    "a page's length": [changed({ 4: word(newest.first, 12, 1) }), texts(5, 6), 2],
    "a branch without children": [changed({ 3: branch(3, {}) }), texts(3, 4, 5, 6), 0],
    "a page that another one reaches into": [
      file(
        ...[meta(8, 9, 7), meta(9, 2, 7), buckets(2, 3), branch(3, { "3": 5, "5": 4 })],
        ...[padded(content(4, "leaf", [item(5, 4100)])).subarray(0, pageSize), leaf(5, item(3)), zeros],
      ),
      texts(3),
    ],
    "a page beyond those in use": [
      file(...whole.slice(0, 3), branch(3, { "3": 4, "5": 10 }), ...whole.slice(4), leaf(10, item(5))),
      texts(3, 4, 5, 6),
      0,
    ],
    "the newest copy of a leaf, with an older one in its place": [
      file(...whole.slice(0, 3), branch(3, { "3": 9, "5": 5 }), ...whole.slice(4, 9), leaf(9, item(4))),
      texts(3, 4, 5, 6),
      0,
    ],
    "the name of the bucket": [changed({ 2: leaf(2) }), texts(3, 4, 5, 6), 0],
    "the keys of the bucket's first page": [changed({ 3: leaf(3) }), texts(3, 4, 5, 6), 0],
    "the keys of a leaf": [changed({ 4: leaf(4) }), texts(5, 6), 2],
    "a child's key, which is longer now than the first of its leaf": [
      changed({ 3: branch(3, { "3": 4, "5\0": 5 }) }),
      texts(3, 4, 5, 6),
      0,
    ],
    "a page far away": [changed({ 3: branch(3, { "3": 2 ** 52, "5": 5 }) }), texts(3, 4, 5, 6), 0],
    "a page that is named twice": [changed({ 3: branch(3, { "3": 5, "5": 5 }) }), texts(3, 4, 5, 6), 0],
    "a page number": [changed({ 3: branch(3, { "3": 1, "5": 5 }) }), texts(3, 4, 5, 6), 0],
    "the queue's numbers: all that is there waits": [
      changed({ 5: leaf(5, item(5), item(6), { key: "qmv0", value: numbers(900, 5) }) }),
      texts(3, 4, 5, 6),
    ],
    "the next index": [changed({ 5: leaf(5, item(5), item(6), queueNumbers(6, 7, [3, 4])) }), texts(3, 4, 5, 6), 0],
    "the last index": [
      changed({ 5: leaf(5, item(5), item(6), queueNumbers(5, 70_007, [3, 4])) }),
      texts(3, 4, 5, 6),
      70_000,
    ],
    "the number of bytes": [
      changed({ 5: leaf(5, item(5), item(6), queueNumbers(5, 7, [3, 4], 2 ** 40)) }),
      texts(3, 4, 5, 6),
      0,
    ],
    "a leaf, nor any numbers: older copies of its items alone": [
      file(
        ...whole.slice(0, 4),
        ...[damaged(newest.first), leaf(5, item(5), item(6), { key: "qmv0", value: numbers(900, 5) })],
        ...[zeros, zeros, zeros, leaf(9, item(3), item(50))],
      ),
      texts(3, 5, 6),
    ],
    "the key of the numbers": [changed({ 5: leaf(5, item(5), item(6), { key: "rmv0" }) }), texts(3, 4, 5, 6)],
  };
  for (const [title, [bytes, expected, missing]] of Object.entries(salvaged)) {
    it(`sends what can be read without ${title}`, () => {
      const { checked, items } = checkOne(bytes);
      assert.deepEqual(items(), expected);
      assert.deepEqual([checked.state, checked.salvaged, checked.missing], ["damaged", expected.length, missing]);
    });
  }

  it("reads what is before a cut in the middle of a leaf", () => {
    const large = padded(content(3, "leaf", [item(3, 3000), item(4, 3000), item(5, 3000), queueNumbers(3, 6)]));
    const bytes = file(meta(0, 2, 6), meta(1, 2, 6), buckets(2, 3), large);
    assert.equal(checkOne(bytes).checked.state, "sound");
    for (const [length, left] of [
      [3 * pageSize + 9000, [3, 4]],
      [3 * pageSize + 6200, [3, 4]],
      [3 * pageSize + 3100, [3]],
      [3 * pageSize + 2000, []],
      [3 * pageSize + 40, []],
      [3 * pageSize + 20, []],
      [3 * pageSize + 10, []],
    ] as const) {
      assert.deepEqual(checkOne(bytes.subarray(0, length)).items(), texts(...left), String(length));
    }
  });

  it("does not take an older copy's bytes that were written over", () => {
    const large = padded(content(4, "leaf", [item(3, 100), item(4, 6000)]));
    const over = leaf(5, item(7));
    const pages = [meta(8, 9, 10), meta(9, 2, 10), buckets(2, 3), damaged(branch(3, { "3": 4 })), large];
    assert.deepEqual(checkOne(file(...pages)).items(), texts(3, 4));
    assert.deepEqual(checkOne(file(...pages.slice(0, 4), large.subarray(0, pageSize), over)).items(), texts(3, 7));
  });

  describe("whose newest numbers are lost", () => {
    /** All that is left: leaves that no tree leads to. */
    const remains = (...leaves: readonly (readonly Element[])[]) =>
      checkOne(
        file(meta(8, 90, 99), meta(9, 91, 99), ...leaves.map((elements, index) => leaf(2 + index, ...elements))),
      );
    const many = Array.from({ length: 30 }, (_, index) => item(30 + index, 20));

    it("sends everything from a queue that stood still", () => {
      const copies = [[item(2), queueNumbers(2, 2)], [queueNumbers(3, 4, [2])], [item(3), queueNumbers(4, 6, [2, 3])]];
      const { items, checked } = remains(...copies);
      assert.deepEqual([items(), checked.missing], [texts(2, 3), undefined]);
      // Unless the file has had many changes since.
      const leaves = copies.map((elements, index) => leaf(2 + index, ...elements));
      assert.deepEqual(checkOne(file(meta(98, 90, 99), meta(99, 91, 99), ...leaves)).items(), []);
    });

    it("sends nothing that may have been sent from a queue that moved", () => {
      const copies = [[item(2), queueNumbers(2, 3)], [item(2), queueNumbers(3, 3, [2])], [queueNumbers(3, 3)]];
      assert.deepEqual(remains(...copies).items(), []);
      assert.deepEqual(remains([item(12), item(2), queueNumbers(3, 4, [2])], [queueNumbers(2, 2)]).items(), []);
      assert.deepEqual(remains([item(13), item(2), queueNumbers(3, 4, [2])], [queueNumbers(2, 2)]).items(), texts(13));
    });

    it("sends what waits by numbers since which the queue had no change", () => {
      const one = leaf(2, item(0), queueNumbers(1, 1, [0]));
      // As many transactions as a new file has, and the two changes; then one more.
      assert.deepEqual(checkOne(file(meta(8, 90, 99), meta(9, 91, 99), one)).items(), texts(0));
      assert.deepEqual(checkOne(file(meta(10, 90, 99), meta(9, 91, 99), one)).items(), []);
      // One fewer: a change that was not finished.
      assert.deepEqual(checkOne(file(meta(8, 90, 99), meta(7, 91, 99), one)).items(), texts(0));
      assert.deepEqual(checkOne(file(meta(6, 90, 99), meta(7, 91, 99), one)).items(), []);
    });

    it("takes the numbers of a change that was not finished, and has written over the state before", () => {
      const change = leaf(4, item(3), queueNumbers(4, 4, [3]));
      const bytes = (pages: number) => file(meta(98, 4, pages), meta(99, 2, pages), zeros, zeros, change);
      assert.deepEqual(checkOne(bytes(5)).items(), texts(3));
      // Of a file that was cut, the newer numbers may be gone.
      assert.deepEqual(checkOne(bytes(6)).items(), []);
    });

    it("sends everything from a long queue", () => {
      assert.deepEqual(remains([item(2), queueNumbers(3, 4, [2])], many).items().length, 31);
      assert.deepEqual(remains(many).items().length, 30);
      assert.deepEqual(remains([item(3), item(4), item(5), queueNumbers(4, 6, [3])]).items(), texts(3, 4, 5));
    });

    it("does not send again what the state before the last was about to send", () => {
      const inner = [item(3), queueNumbers(4, 4, [3])];
      // With both meta pages, the newest state is known to be another.
      const both = file(meta(8, 2, 9), meta(9, 4, 9), buckets(2, inner), zeros, zeros);
      assert.deepEqual(checkOne(both).items(), []);
      assert.deepEqual(checkOne(file(meta(8, 2, 9), zeros, buckets(2, inner), zeros, zeros)).items(), texts(3));
    });

    it("holds newer numbers of an unfinished change against the last whole state", () => {
      const state = [item(3), item(4), queueNumbers(4, 5, [3])];
      const change = leaf(4, item(4), item(5), queueNumbers(4, 6));
      const bytes = file(zeros, zeros, buckets(2, state), buckets(3, 9), change);
      assert.deepEqual(checkOne(bytes).items(), texts(4, 5));
    });

    it("takes no state whose bucket leads to a page that is a part of a newer tree", () => {
      const tree = [newest.branch, newest.first, newest.last];
      const bytes = file(zeros, zeros, buckets(2, 5), ...tree, buckets(6, 3));
      assert.deepEqual(checkOne(bytes).items(), texts(3, 4, 5, 6));
    });

    it("takes no state that has other items than its numbers name", () => {
      const tree = [branch(3, { "3": 4, "5": 5 }), newest.first, newest.last];
      const stale = [branch(8, { "2": 9, "5": 5 }), leaf(9, item(2), item(3))];
      const bytes = file(zeros, zeros, buckets(2, 8), ...tree, buckets(6, 3), zeros, ...stale);
      assert.deepEqual(checkOne(bytes).items(), texts(3, 4, 5, 6));
    });

    it("finds the size of the pages", () => {
      const size = 16_384;
      const pages = [2, 3].map((id) => padded(content(id, "leaf", [item(id), item(id + 4)], size), size));
      assert.deepEqual(checkOne(file(Buffer.alloc(2 * size), ...pages)).items(), texts(2, 3, 6, 7));
      const metas = [Buffer.alloc(size), meta(9, 9, 9, size)];
      assert.deepEqual(checkOne(file(...metas, ...pages)).items(), texts(2, 3, 6, 7));
    });

    it("reads no bucket that is not one", () => {
      const broken = [buckets(2, [item(3)]), leaf(2, { key: "default" }), leaf(2, { key: "default", flags: 1 })];
      broken[0]!.writeUInt32LE(7, broken[0]!.indexOf("default") + 7 + 16 + 20);
      const large = padded(leaf(2, { key: "default", flags: 1, value: Buffer.alloc(9000) }));
      const cut = leaf(2, { key: "default", flags: 1, value: Buffer.alloc(900) }).subarray(0, 60);
      for (const page of [...broken, large, cut, branch(2, { a: 3 })]) {
        const { checked } = checkOne(file(meta(8, 2, 3), meta(9, 2, 3), page));
        assert.deepEqual([checked.state, checked.salvaged, checked.error], ["damaged", 0, undefined]);
      }
    });

    it("finds leaves without any state", () => {
      assert.deepEqual(checkOne(file(zeros, zeros, leaf(2, ...many))).items().length, 30);
      const behind = [item(3), item(4), item(5), queueNumbers(4, 6, [3])];
      assert.deepEqual(checkOne(file(zeros, zeros, leaf(2, ...behind))).items(), texts(3, 4, 5));
      const half = [item(3), queueNumbers(3, 4)];
      assert.deepEqual(checkOne(file(zeros, zeros, buckets(2, 3), leaf(3, ...half))).items(), texts(3));
    });
  });
});
