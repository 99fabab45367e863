import assert from "node:assert/strict";
import * as path from "node:path";

import { images } from "../../../components/kubernetes/images";
import { nodeImage } from "../../../lab/lab";

describe("the image of Node.js for a cluster that cannot pull", () => {
  it("has the program on its path, with every library that it is linked with", async function () {
    if (process.platform !== "linux") {
      this.skip();
    }
    const { name, files, env } = await nodeImage(images.node);
    const paths = files.map((file) => file.path);
    assert.equal(name, images.node);
    assert.ok(paths.some((file) => path.basename(file) === "node" && env!["PATH"]!.includes(path.dirname(file))));
    assert.ok(
      paths.some((file) => path.basename(file).startsWith("ld-")),
      paths.join(" "),
    );
    assert.ok(
      paths.some((file) => path.basename(file).startsWith("libc.")),
      paths.join(" "),
    );
  });
});
