import assert from "node:assert/strict";

import { restrictedViolations } from "./pod-security-standards";
import type { AnyPodSpec } from "./pod-templates";

type Json = Readonly<Record<string, unknown>>;

describe("the restricted level, as the tests know it", () => {
  it("admits a pod that asks for nothing", () => {
    assert.deepEqual(restrictedViolations(goodPod()), []);
  });

  for (const [what, change] of Object.entries(badPods())) {
    it(`refuses ${what}`, () => {
      assert.equal(restrictedViolations({ ...goodPod(), ...change }).length, 1, JSON.stringify(change));
    });
  }
});

function goodPod(): AnyPodSpec {
  return {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [goodContainer()],
    volumes: [{ name: "data", emptyDir: {} }],
  };
}

function goodContainer(change: Json = {}, context: Json = {}) {
  const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, ...context };
  return { name: "main", image: "image:1", securityContext, ...change };
}

/** Each breaks one rule. */
function badPods(): Record<string, Partial<AnyPodSpec>> {
  const context = goodPod().securityContext;
  const container = (change: Json, inContext: Json = {}) => ({ containers: [goodContainer(change, inContext)] });
  return {
    "the host's network": { hostNetwork: true },
    "the host's processes": { hostPID: true },
    "a folder of the host": { volumes: [{ name: "root", hostPath: { path: "/" } }] },
    "a port of the host": container({ ports: [{ hostPort: 80 }] }),
    "a privileged container": container({}, { privileged: true }),
    "an escalation": container({}, { allowPrivilegeEscalation: undefined }),
    "capabilities that are kept": container({}, { capabilities: { drop: ["NET_RAW"] } }),
    "a capability that is added": container({}, { capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } }),
    "root in a container": container({}, { runAsNonRoot: false }),
    "no seccomp": { securityContext: { runAsNonRoot: true } },
    "a sysctl": { securityContext: { ...context, sysctls: [{ name: "kernel.msgmax", value: "1" }] } },
    "a probe of another host": container({ readinessProbe: { httpGet: { host: "10.0.0.1", port: 80 } } }),
    "a container that runs first": { initContainers: [goodContainer({}, { privileged: true })] },
  };
}
