import assert from "node:assert/strict";

import { keptOverrides, withEncryptedSecrets } from "../../../cli/kept-overrides";

describe("what npm run up keeps of --config", () => {
  const before = { retention: "30d", url: { secure: "v1:ciphertext" } };

  it("is what was given before, and now", () => {
    assert.deepEqual(keptOverrides(before, [], []), before);
    assert.deepEqual(keptOverrides(before, ["replicas=2", "retention=1d", "query=a=b"], []), {
      ...before,
      retention: "1d",
      replicas: "2",
      query: "a=b",
    });
    assert.deepEqual(keptOverrides({}, ["teams=[a, b]", "images={grafana: g}"], []), {
      teams: ["a", "b"],
      images: { grafana: "g" },
    });
  });

  it("is not what is dropped with --reset", () => {
    assert.deepEqual(keptOverrides(before, [], ["url"]), { retention: "30d" });
    assert.deepEqual(keptOverrides(before, ["url=https://other.test"], ["url", "retention"]), {
      url: "https://other.test",
    });
  });

  it("refuses what cannot be read or dropped", () => {
    assert.throws(() => keptOverrides(before, ["replicas"], []), {
      message: '--config: found "replicas"; expected PATH=VALUE',
    });
    assert.throws(() => keptOverrides(before, [], ["replicas"]), {
      message: '--reset: found "replicas"; expected one of retention, url',
    });
    assert.throws(() => keptOverrides({}, [], ["url"]), /expected nothing, as no value was given/);
  });

  it("has secrets encrypted, by their own path or in a group, once", async () => {
    const values = {
      "alerting.slackUrl": "https://hooks.test",
      "grafana.adminPassword": { secure: "v1:earlier" },
      remoteWrite: { user: "claude", password: "p" },
      teams: ["web"],
    };
    const encrypt = (secret: string) => Promise.resolve({ secure: `v1:${secret}` });
    assert.deepEqual(await withEncryptedSecrets(values, encrypt), {
      ...values,
      "alerting.slackUrl": { secure: "v1:https://hooks.test" },
      remoteWrite: { user: "claude", password: { secure: "v1:p" } },
    });
  });
});
