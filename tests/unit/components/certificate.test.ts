import assert from "node:assert/strict";

import { deploy } from "./deployment";
import { metadata, one, specOf } from "./registered";

describe("the certificate of cert-manager", () => {
  it("has a new key at each renewal, and is waited for until it is issued", async () => {
    const deployment = await deploy("prod", { exposure: "LoadBalancer", "tls.issuer": "ClusterIssuer/internal" });
    const { privateKey } = specOf(deployment, "certificate-request") as { readonly privateKey: object };
    assert.deepEqual(privateKey, { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" });
    const { name, annotations } = metadata(one(deployment, "certificate-request"));
    assert.equal(name, "prod-tls");
    assert.deepEqual(annotations, { "pulumi.com/waitFor": "condition=Ready" });
  });
});
