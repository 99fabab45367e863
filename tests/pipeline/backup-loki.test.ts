import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { BackupScript } from "../support/prometheus/backup-script";
import { removeTemporaryDirectory, temporaryDirectory } from "../support/processes";

describe("a backup of Loki's files (Loki's server cannot be run here)", function () {
  this.timeout(60_000);
  const directory = temporaryDirectory("backup-loki");
  const data = path.join(directory, "data");
  let script: BackupScript;

  const write = (file: string, content: string) => {
    fs.mkdirSync(path.dirname(path.join(data, file)), { recursive: true });
    fs.writeFileSync(path.join(data, file), content);
  };
  const saved = (copy: string, file: string) => path.join(script.backups, copy, file);

  before(async () => {
    script = await BackupScript.prepare("loki", directory);
    write("wal/00000007", "newest events");
    write("wal/checkpoint.000006/00000000", "older events");
    write("wal/checkpoint.000007.tmp/00000000", "half a checkpoint");
    write("tsdb-shipper-active/wal/s/1/00000000", "index of the last minutes");
    write("tsdb-shipper-cache/index_1/1.tsdb", "found again by itself");
    write("chunks/index/index_1/1.tsdb.gz", "index");
    write("chunks/fake/1/MTo=", "a chunk");
  });

  after(() => {
    removeTemporaryDirectory(directory);
  });

  it("holds log, index and chunks, and shares with the next what has not changed", async () => {
    const first = await script.backup(data);
    write("chunks/fake/1/Mjo=", "the next chunk");
    write("wal/00000007", "newest events, and newer ones");
    const second = await script.backup(data);
    const files = (copy: string) =>
      fs
        .readdirSync(path.join(script.backups, copy), { recursive: true, withFileTypes: true })
        .filter((e) => e.isFile());
    assert.deepEqual([files(first).length, files(second).length], [6, 7]);
    const inode = (copy: string, file: string) => fs.statSync(saved(copy, file)).ino;
    assert.equal(inode(first, "chunks/fake/1/MTo="), inode(second, "chunks/fake/1/MTo="));
    assert.notEqual(inode(first, "wal/checkpoint.000006/00000000"), inode(second, "wal/checkpoint.000006/00000000"));
    assert.equal(fs.readFileSync(saved(first, "wal/00000007"), "utf8"), "newest events");
    assert.equal(fs.readFileSync(saved(second, "wal/00000007"), "utf8"), "newest events, and newer ones");
  });

  it("has a name of its own, also beside others of the same moment", async () => {
    const before = fs.readdirSync(script.backups);
    const copies = await Promise.all([1, 2, 3].map(() => script.backup(data)));
    assert.deepEqual(fs.readdirSync(script.backups), [...before, ...copies.sort()]);
    const newest = copies.map((copy) => fs.readFileSync(saved(copy, "wal/00000007"), "utf8"));
    assert.deepEqual(newest, Array(3).fill("newest events, and newer ones"));
  });

  it("begins anew when what it copies goes meanwhile, and says why if it never succeeds", async () => {
    fs.symlinkSync("/nonexistent", path.join(data, "wal/00000008"));
    const { status, stderr } = await script.run(data, ["backup"], 7, { tries: 2 });
    fs.rmSync(path.join(data, "wal/00000008"));
    assert.equal(status, 1);
    assert.match(stderr, /copy_log wal: disturbed or refused 2 times in a row/);
    assert.deepEqual(
      fs.readdirSync(script.backups).filter((name) => name.startsWith(".")),
      [],
    );
  });

  it("takes the place of what is there, if told so, and of nothing otherwise", async () => {
    write("chunks/fake/1/Mzo=", "later than the backup");
    const refused = await script.run(data, ["restore", "latest"]);
    assert.equal(refused.status, 1);
    assert.match(
      refused.stderr,
      /the volume of loki holds data, which the copy would replace; expected none, or --replace/,
    );
    const { status, stderr } = await script.run(data, ["restore", "latest", "replace"]);
    assert.equal(status, 0, stderr);
    assert.deepEqual(fs.readdirSync(path.join(data, "chunks/fake/1")).sort(), ["MTo=", "Mjo="]);
    assert.deepEqual(fs.readdirSync(data).sort(), ["chunks", "tsdb-shipper-active", "wal"]);
    assert.equal(fs.readFileSync(path.join(data, "wal/00000007"), "utf8"), "newest events, and newer ones");
  });
});
