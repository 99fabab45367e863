import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { withAttributes } from "../../../docs/generate/attributes";
import { eventAttributes, resourceAttributes, spanAttributes } from "../../../telemetry/attributes";
import { contentKinds } from "../../../telemetry/content-kinds";
import { dropped } from "../../../telemetry/dropped";
import { root } from "../config/stack-config";
import { formatted } from "./formatted";

describe("the catalogue of attributes", () => {
  it("is what docs/telemetry.md says (npm run docs)", async () => {
    const document = fs.readFileSync(path.join(root, "docs/telemetry.md"), "utf8");
    assert.equal(document, await formatted(withAttributes(document)));
    assert.throws(() => withAttributes("no marks"), /found no "<!-- attributes -->"/);
  });

  it("drops nothing that it stores, but on another signal", () => {
    const kinds = Object.values(contentKinds);
    const stored = new Set<string>([
      ...[...resourceAttributes, ...eventAttributes, ...spanAttributes],
      ...kinds.flatMap((kind) => [...kind.eventAttributes, ...kind.spanAttributes]),
    ]);
    const both = dropped.flatMap(({ names }) => names).filter((name) => stored.has(name));
    assert.deepEqual(both, ["ccr.session.id"]);
  });
});
