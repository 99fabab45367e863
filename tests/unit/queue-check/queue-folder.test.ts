import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import * as path from "node:path";

import { bundleQueueCheck } from "../../../queue-check/bundle";
import { checkQueues } from "../../../queue-check/queue-folder";
import { run } from "../../../queue-check/run";
import { buckets, item, leaf, meta, numbers, pageSize, queueFolder } from "./database-builder";
import { itemsOf, queue } from "./check";

const root = path.resolve(__dirname, "../../..");
const metas = [meta(0, 2, 5), meta(1, 2, 5)];
const queueNumbers = { key: "qmv0", value: numbers(0, 3) };
const items = [item(0), item(1), item(2)];
const sound = Buffer.concat([...metas, buckets(2, 3), leaf(3, ...items, queueNumbers), Buffer.alloc(pageSize)]);
/** Without its end, where nothing is. */
const damaged = sound.subarray(0, 4 * pageSize);
const days = (count: number) => new Date(Date.now() - count * 86_400_000);

describe("check of a folder of queues", () => {
  const kept = (folder: string, name = queue) => path.join(folder, "damaged", name);

  it("keeps the damaged file aside, and puts a new one in its place", () => {
    const folder = queueFolder({ [queue]: damaged, exporter_b: sound });
    const [second, first] = checkQueues(folder);
    assert.deepEqual(first, {
      ...{ file: queue, state: "damaged", bytes: damaged.length, missing: 0 },
      ...{ salvaged: 3, kept: kept(folder) },
    });
    assert.deepEqual(second, { file: "exporter_b", state: "sound" });
    assert.deepEqual(fs.readFileSync(kept(folder)), damaged);
    assert.deepEqual(itemsOf(path.join(folder, queue)), ["item 0", "item 1", "item 2"]);
    assert.deepEqual(fs.readdirSync(folder).sort(), ["damaged", "exporter_b", queue]);
    assert.deepEqual(
      checkQueues(folder).map(({ state }) => state),
      ["sound", "sound"],
    );
  });

  it("writes queues of many items, of all sizes", () => {
    const sizes = [1, 30, 2000, 5000, 3 * 2 ** 20];
    const many = Array.from({ length: 3000 }, (_, index) => item(index, sizes[index % 100] ?? 300));
    const folder = queueFolder({ [queue]: Buffer.alloc(0) });
    const pages: Buffer[] = [];
    let next = 2;
    for (const element of many) {
      const page = leaf(next, element);
      pages.push(page);
      next += page.length / pageSize;
    }
    fs.writeFileSync(path.join(folder, queue), Buffer.concat([Buffer.alloc(2 * pageSize), ...pages]));
    const [checked] = checkQueues(folder);
    assert.equal(checked!.salvaged, 3000);
    assert.deepEqual(checkQueues(folder)[0], { file: queue, state: "sound" });
  });

  it("moves away what is no queue file, or is empty", () => {
    const folder = queueFolder({ exporter_a: Buffer.alloc(0), exporter_b: Buffer.from("no database ".repeat(1000)) });
    fs.mkdirSync(path.join(folder, "exporter_c"));
    const checked = checkQueues(folder);
    assert.deepEqual(
      checked.map(({ file, state, salvaged }) => [file, state, salvaged]),
      ["exporter_a", "exporter_b", "exporter_c"].map((file) => [file, "damaged", 0]),
    );
    assert.match(checked[2]!.error!, /not a file/);
    assert.deepEqual(fs.readdirSync(folder), ["damaged"]);
  });

  it("leaves other files alone", () => {
    const others = { tempdb1: Buffer.from("x"), receiver_a: Buffer.from("y") };
    const folder = queueFolder(others);
    fs.mkdirSync(path.join(folder, "lost+found"));
    assert.deepEqual(checkQueues(folder), []);
    assert.deepEqual(fs.readdirSync(folder).sort(), ["lost+found", "receiver_a", "tempdb1"]);
  });

  it("deletes what it kept for two weeks", () => {
    const folder = queueFolder({});
    fs.mkdirSync(path.join(folder, "damaged"));
    for (const [name, age] of Object.entries({ exporter_new: 13, exporter_old: 15 })) {
      fs.writeFileSync(kept(folder, name), "x");
      fs.utimesSync(kept(folder, name), days(age), days(age));
    }
    checkQueues(folder);
    assert.deepEqual(fs.readdirSync(path.join(folder, "damaged")), ["exporter_new"]);
  });

  describe("on a volume without room, or with other rights", () => {
    let restore: (() => void)[] = [];
    afterEach(() => {
      restore.forEach((undo) => {
        undo();
      });
      restore = [];
    });
    const patch = <Name extends keyof typeof fs>(name: Name, replacement: (original: (typeof fs)[Name]) => unknown) => {
      const module = fs as { [key in Name]: unknown };
      const original = fs[name];
      module[name] = replacement(original);
      restore.push(() => {
        module[name] = original;
      });
    };
    const smallVolume = () => {
      patch("statfsSync", () => () => ({ blocks: 1, bsize: 1 }));
    };

    it("makes a file readable that is not", () => {
      const folder = queueFolder({ [queue]: sound });
      let failures = 1;
      patch("openSync", (original) => (...args: Parameters<typeof fs.openSync>) => {
        if (failures-- > 0) {
          throw new Error("EACCES");
        }
        return original(...args);
      });
      assert.deepEqual(checkQueues(folder), [{ file: queue, state: "sound" }]);
    });

    it("does not keep the damaged file", () => {
      smallVolume();
      const folder = queueFolder({ [queue]: damaged, exporter_z: Buffer.from("x") });
      const checked = checkQueues(folder);
      assert.deepEqual(
        checked.map((file) => file.kept),
        [undefined, undefined],
      );
      assert.deepEqual(fs.readdirSync(folder).sort(), ["damaged", queue]);
      assert.equal(itemsOf(path.join(folder, queue)).length, 3);
    });

    it("makes room by deleting what it kept before", () => {
      const folder = queueFolder({ [queue]: damaged });
      fs.mkdirSync(path.join(folder, "damaged"));
      fs.writeFileSync(kept(folder, "exporter_old"), "x");
      let failures = 1;
      patch("ftruncateSync", (original) => (...args: Parameters<typeof fs.ftruncateSync>) => {
        if (failures-- > 0) {
          throw new Error("ENOSPC");
        }
        original(...args);
      });
      assert.equal(checkQueues(folder)[0]!.salvaged, 3);
      assert.deepEqual(fs.readdirSync(path.join(folder, "damaged")), [queue]);
    });

    it("moves the file away where there is no room at all", () => {
      const folder = queueFolder({ [queue]: damaged });
      patch("ftruncateSync", () => () => {
        throw new Error("ENOSPC");
      });
      const [checked] = checkQueues(folder);
      assert.deepEqual([checked!.salvaged, checked!.kept, checked!.error], [0, kept(folder), "Error: ENOSPC"]);
      assert.deepEqual(fs.readdirSync(folder), ["damaged"]);
    });

    it("leaves a file that cannot be moved either", () => {
      const folder = queueFolder({ [queue]: Buffer.from("x") });
      for (const name of ["renameSync", "rmSync"] as const) {
        patch(name, () => () => {
          throw new Error("EROFS");
        });
      }
      assert.equal(checkQueues(folder)[0]!.kept, undefined);
      assert.deepEqual(fs.readdirSync(folder).includes(queue), true);
    });
  });
});

describe("program that checks a folder of queues", () => {
  const runIn = (folder: string, report: string) => {
    const lines: string[] = [];
    run(folder, report, (line) => {
      lines.push(line);
    });
    return [lines.map((line) => JSON.parse(line) as Record<string, unknown>), fs.readFileSync(report, "utf8")] as const;
  };

  it("prints a line for each file, and reports the names of the damaged ones", () => {
    const folder = queueFolder({ exporter_a: damaged, exporter_b: sound, "exporter_c: d": Buffer.from("x") });
    const output = execFileSync(
      process.execPath,
      ["-r", "./cli/typescript.cjs", "queue-check/main.ts", folder, path.join(folder, "report")],
      { cwd: root, encoding: "utf8" },
    );
    assert.equal(output.trim().split("\n").length, 3);
    assert.equal(fs.readFileSync(path.join(folder, "report"), "utf8"), "2 exporter_a exporter_c__d");
  });

  it("is one file, which needs nothing but Node.js", () => {
    const folder = queueFolder({ exporter_a: sound });
    const program = path.join(folder, "check.mjs");
    const report = path.join(folder, "report");
    fs.writeFileSync(program, bundleQueueCheck());
    fs.writeFileSync(report, "none");
    const output = execFileSync(process.execPath, [program, folder, report], { encoding: "utf8" });
    assert.deepEqual(JSON.parse(output), { file: "exporter_a", state: "sound" });
    assert.equal(fs.readFileSync(report, "utf8"), "none");
    assert.deepEqual(
      [...fs.readFileSync(program, "utf8").matchAll(/from "([^"]+)"/g)].filter(
        ([, name]) => !name!.startsWith("node:"),
      ),
      [],
    );
  });

  it("ends without an error where it cannot list the folder", () => {
    const report = path.join(queueFolder({}), "report");
    const [lines, text] = runIn("/nonexistent", report);
    assert.deepEqual([lines[0]!["state"], text], ["unknown", "unknown"]);
  });

  it("moves a file away unread when three runs have ended while they read it", () => {
    const folder = queueFolder({ [queue]: sound });
    const report = path.join(folder, "report");
    fs.writeFileSync(report, `checking 2 ${queue}`);
    assert.deepEqual(runIn(folder, report)[1], "none");
    fs.writeFileSync(report, `checking 3 ${queue}`);
    const [[line], text] = runIn(folder, report);
    assert.match(String(line!["error"]), /did not end/);
    assert.equal(text, `1 ${queue}`);
    assert.equal(runIn(folder, report)[1], "none");
  });
});
