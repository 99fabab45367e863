import assert from "node:assert/strict";

import { decodeMetadata, encodeMetadata } from "../../../queue-check/queue-metadata";
import { numbers } from "./database-builder";

describe("a queue's own numbers", () => {
  it("are read as the collector writes them", () => {
    assert.deepEqual(decodeMetadata(numbers(3, 9, [1, 2], 700)), { bytes: 700, read: 3, write: 9, dispatched: [1, 2] });
    assert.deepEqual(decodeMetadata(Buffer.alloc(0)), { bytes: 0, read: 0, write: 0, dispatched: [] });
    const many = Array.from({ length: 100 }, (_, index) => index);
    const long = Buffer.concat([Buffer.from([42, 160, 6]), numbers(0, 0, many).subarray(-800)]);
    assert.deepEqual(decodeMetadata(long)!.dispatched, many);
  });

  it("are written for a queue of which nothing was sent", () => {
    assert.deepEqual(decodeMetadata(encodeMetadata(7, 900)), { bytes: 900, read: 0, write: 7, dispatched: [] });
  });

  it("are not read from anything else", () => {
    const good = numbers(3, 9, [1]);
    const wrong = {
      "a next index beyond the last": numbers(10, 9),
      "a negative index": Buffer.concat([good.subarray(0, 19), Buffer.alloc(8, 255), good.subarray(27)]),
      "a cut number": good.subarray(0, 5),
      "a cut list": good.subarray(0, -1),
      "a list of halves": Buffer.from([42, 4, 0, 0, 0, 0]),
      "a cut length": Buffer.from([42, 255]),
      "an endless length": Buffer.from([42, 255, 255, 255, 255, 255, 1]),
      "another field": Buffer.from([49, 0, 0, 0, 0, 0, 0, 0, 0]),
      "another type": Buffer.from([8, 1]),
      "a list in place of a number": Buffer.from([10, 0]),
    };
    for (const [title, bytes] of Object.entries(wrong)) {
      assert.equal(decodeMetadata(bytes), undefined, title);
    }
  });
});
