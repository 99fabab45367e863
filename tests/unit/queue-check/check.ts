import * as fs from "node:fs";
import * as path from "node:path";

import { checkQueues } from "../../../queue-check/queue-folder";
import { DatabaseFile } from "../../../queue-check/database-file";
import { lookUp, PageSet, walk } from "../../../queue-check/tree";
import { queueFolder } from "./database-builder";

export const queue = "exporter_otlp_http_prometheus_metrics";

/** What the check makes of a file: its result, and texts of the items that the queue has then. */
export function checkOne(bytes: Buffer) {
  const folder = queueFolder({ [queue]: bytes });
  const checked = checkQueues(folder).find(({ file }) => file === queue)!;
  const file = path.join(folder, queue);
  return { checked, items: () => (fs.existsSync(file) ? itemsOf(file) : []) };
}

/** Beginnings of the values of a sound file. */
export function itemsOf(name: string): string[] {
  const descriptor = fs.openSync(name, "r");
  const file = new DatabaseFile(descriptor);
  const items: string[] = [];
  const buckets = file.page(file.metas[0]!.root)!;
  const header = buckets.kind === "leaf" ? file.read(buckets.entries[0]!.offset, 16) : Buffer.alloc(0);
  const bucket = { root: Number(header.readBigUInt64LE()) };
  walk(file, bucket, new PageSet(file.pages), ({ key, offset }) => {
    if (/^\d/.test(key)) {
      items.push(/item \d+/.exec(file.read(offset, 10).toString())![0]);
    }
  });
  if (lookUp(file, bucket, "qmv0") === undefined) {
    throw new Error("no numbers");
  }
  fs.closeSync(descriptor);
  return items.sort((left, right) => Number(left.slice(5)) - Number(right.slice(5)));
}
