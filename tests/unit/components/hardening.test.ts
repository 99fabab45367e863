import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { imageTag } from "../../../components/kubernetes/images";
import { podSecurityVersion } from "../../../components/kubernetes/pod-security";
import { durationSeconds } from "../../../units";
import { toolVersion } from "../../../lab/lab";
import { deploy, type Deployment } from "./deployment";
import { canary, digest, mirrored, store, variants } from "./hardening-variants";
import { restrictedViolations } from "./pod-security-standards";
import { type AnyPodSpec, containersOf, podsOf } from "./pod-templates";
import { amountOf, usage } from "./quota-usage";
import { metadata, ofType, one, specOf } from "./registered";

type Json = Readonly<Record<string, unknown>>;

/** An image of some hundred megabytes may take this long to come. */
const pullSeconds = 120;

/** The time that probes give the slowest container of a pod to start, in seconds. */
function startAllowance({ containers }: AnyPodSpec): number {
  const allowances = containers.map(({ startupProbe = {} }) => {
    const {
      initialDelaySeconds = 0,
      periodSeconds = 10,
      failureThreshold = 3,
    } = startupProbe as Record<string, number>;
    return initialDelaySeconds + periodSeconds * failureThreshold;
  });
  return Math.max(...allowances);
}

for (const [title, [stack, overrides]] of Object.entries(variants)) {
  describe(`hardening of ${title}`, () => {
    let deployment: Deployment;
    before(async () => {
      deployment = await deploy(stack, overrides);
      assert.ok(podsOf(deployment).length >= 2);
    });

    it("every pod satisfies the restricted level, and the namespace asks for it", () => {
      const labels = metadata(one(deployment, "namespace")).labels;
      for (const mode of ["enforce", "audit", "warn"]) {
        assert.equal(labels[`pod-security.kubernetes.io/${mode}`], "restricted");
        assert.match(labels[`pod-security.kubernetes.io/${mode}-version`]!, /^(latest|v1\.\d+)$/);
      }
      for (const { resource, spec } of podsOf(deployment)) {
        assert.deepEqual(restrictedViolations(spec), [], resource.name);
      }
    });

    it("every container has a read-only image, and a user that is not root, by number", () => {
      for (const { resource, spec } of podsOf(deployment)) {
        for (const { name, securityContext = {} } of containersOf(spec)) {
          const where = `${resource.name}, ${name}`;
          assert.equal(securityContext["readOnlyRootFilesystem"], true, where);
          const user = securityContext["runAsUser"] ?? spec.securityContext?.["runAsUser"];
          assert.ok(typeof user === "number" && user > 0, where);
        }
      }
    });

    it("every container has requests and limits of CPU and memory", () => {
      for (const { resource, spec } of podsOf(deployment)) {
        for (const { name, resources = {} } of containersOf(spec)) {
          for (const part of [resources.requests, resources.limits]) {
            assert.ok(part?.["cpu"] && part["memory"], `${resource.name}, ${name}`);
          }
        }
      }
    });

    it("every lasting container says whether it lives, is ready and has started", () => {
      for (const { resource, spec } of podsOf(deployment).filter(({ lasting }) => lasting)) {
        for (const { name, livenessProbe, readinessProbe, startupProbe } of spec.containers) {
          assert.ok(livenessProbe && readinessProbe && startupProbe, `${resource.name}, ${name}`);
        }
      }
    });

    it("every rollout is given longer than its pods may take to end and to start", () => {
      for (const { resource, spec, replicas } of podsOf(deployment).filter(({ lasting }) => lasting)) {
        const [end, start] = [spec.terminationGracePeriodSeconds ?? 30, startAllowance(spec)];
        const { create, update } = resource.options.customTimeouts ?? {};
        if (resource.type.endsWith(":Deployment")) {
          const { progressDeadlineSeconds } = resource.inputs["spec"] as { progressDeadlineSeconds?: number };
          assert.ok((progressDeadlineSeconds ?? 600) >= start + pullSeconds, `${resource.name}: Kubernetes' deadline`);
        }
        // Replicas are replaced one by one.
        for (const timeout of [create, update]) {
          const seconds = timeout === undefined ? 600 : Number(durationSeconds(timeout));
          assert.ok(seconds >= replicas * (end + start) + pullSeconds, `${resource.name}: Pulumi's timeout`);
        }
      }
    });

    it("every image has a tag, and no other than the version in the pod's labels", () => {
      for (const { resource, spec, labels } of podsOf(deployment)) {
        const tags = spec.containers.map(({ image }) => imageTag(image));
        assert.ok(!tags.includes("latest"), resource.name);
        assert.ok(tags.includes(labels["app.kubernetes.io/version"]!), `${resource.name}: ${tags.join()}`);
        assert.match(labels["app.kubernetes.io/version"]!, /^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/);
      }
    });

    it("no pod gets the API server's token, unless a role of its own says what for", () => {
      const accounts = new Set(
        ofType(deployment, "kubernetes:core/v1:ServiceAccount").map((each) => metadata(each).name),
      );
      for (const { resource, spec } of podsOf(deployment)) {
        if (spec.automountServiceAccountToken !== false) {
          assert.ok(accounts.has(spec.serviceAccountName), resource.name);
        }
      }
    });

    it("there are no rights over the cluster, and none that a wildcard gives", () => {
      const rbac = deployment.resources.filter(({ type }) => type.startsWith("kubernetes:rbac.authorization.k8s.io/"));
      assert.deepEqual(
        rbac.filter(({ type }) => /:Cluster/.test(type)).map(({ name }) => name),
        [],
      );
      for (const role of rbac) {
        assert.ok(!JSON.stringify(role.inputs["rules"] ?? []).includes('"*"'), role.name);
      }
    });

    it("every pod is under a policy that denies, in both directions, and under one of its own", () => {
      const policies = ofType(deployment, "kubernetes:networking.k8s.io/v1:NetworkPolicy").map(
        ({ inputs }) =>
          inputs["spec"] as { podSelector: { matchLabels?: Record<string, string> }; policyTypes: string[] },
      );
      for (const { resource, labels } of podsOf(deployment)) {
        const covering = policies.filter(({ podSelector: { matchLabels = {} } }) =>
          Object.entries(matchLabels).every(([key, value]) => labels[key] === value),
        );
        for (const direction of ["Ingress", "Egress"]) {
          const here = covering.filter(({ policyTypes }) => policyTypes.includes(direction));
          const denying = here.filter((spec) => JSON.stringify(spec.podSelector) === "{}");
          assert.equal(denying.length, 1, `${resource.name}: ${direction}`);
          assert.equal(here.length, 2, `${resource.name}: ${direction} policies`);
        }
      }
    });

    it("everything fits into the quota, with one more of each pod", () => {
      const { hard } = one(deployment, "namespace-limits-quota").inputs["spec"] as { hard: Record<string, string> };
      const used = usage(deployment);
      for (const [name, amount] of Object.entries(used)) {
        assert.ok(amount <= amountOf(name, hard[name]!) * (1 + 1e-9), `${name}: ${amount} of ${hard[name]}`);
      }
      assert.deepEqual(Object.keys(used).sort(), Object.keys(hard).sort());
    });

    it("secret values are in Secrets only, and marked as secret wherever they are", () => {
      const hidden = [canary, "generated-password"];
      const holds = (value: unknown) => hidden.some((secret) => JSON.stringify(value ?? "").includes(secret));
      for (const { type, name, inputs } of deployment.resources) {
        for (const [key, value] of Object.entries(inputs)) {
          const allowed = isMarked(value) && (!type.startsWith("kubernetes:") || type.endsWith(":Secret"));
          assert.ok(allowed || !holds(value), `${type} ${name}: ${key} holds a secret`);
        }
        assert.ok(!type.endsWith(":Secret") || isMarked(inputs["stringData"]), `${name} is not marked`);
      }
      for (const [name, value] of Object.entries(deployment.outputs)) {
        assert.ok(!holds(value) || deployment.secretOutputs.includes(name), `output ${name}`);
      }
    });
  });
}

describe("hardening", () => {
  it("enforces the rules of the release that the tests run on", () => {
    const [major = "", minor = ""] = toolVersion("kube-apiserver").split(".");
    assert.equal(podSecurityVersion, `v${major}.${minor}`);
  });

  it("the secrets that the invariants look for are really there", async () => {
    const deployment = await deploy(...variants["prod, everything on"]!);
    const holding = deployment.resources.filter(({ inputs }) => JSON.stringify(inputs).includes(canary));
    assert.ok(holding.some(({ type }) => type === "kubernetes:core/v1:Secret"));
    assert.ok(holding.some(({ type }) => type.endsWith(":ContactPoint")));
  });

  it("images of a mirror, by digest, are used, and their tags are the versions in the labels", async () => {
    const deployment = await deploy(...variants["prod, everything on"]!);
    const used = podsOf(deployment).flatMap(({ spec }) => containersOf(spec).map(({ image }) => image));
    assert.deepEqual([...new Set(used)].sort(), Object.values(mirrored).sort());
    assert.ok(used.every((image) => image.startsWith("mirror.local:5000/") && image.endsWith(digest)));
  });

  it("a distributed store is reached by who sends to it and who asks it, at its own ports", async () => {
    const deployment = await deploy("prod", store);
    const ports = (component: string) => {
      const policy = ofType(deployment, "kubernetes:networking.k8s.io/v1:NetworkPolicy").find(({ name }) =>
        name.endsWith(`-${component}`),
      );
      const { egress } = policy!.inputs["spec"] as { egress: { to: { ipBlock?: object }[]; ports: Json[] }[] };
      return egress.filter(({ to }) => to.some(({ ipBlock }) => ipBlock)).flatMap((rule) => rule.ports);
    };
    const opened = (component: string) => ports(component).map(({ port }) => port);
    assert.ok(opened("otel-collector").includes(4318));
    assert.ok(opened("prometheus").includes(443));
    assert.ok(opened("grafana").includes(8443));
    assert.ok(!opened("loki").includes(443));
  });

  it("networkPolicies and resourceQuota leave out what they name, and nothing else", async () => {
    const [all, none] = [
      await deploy("dev"),
      await deploy("dev", { networkPolicies: "false", resourceQuota: "false" }),
    ];
    const left = new Set(none.resources.map(({ name }) => name));
    const gone = all.resources.filter(({ name }) => !left.has(name)).map(({ type }) => type.replace(/^.*:/, ""));
    assert.deepEqual([...new Set(gone)].sort(), [
      ...["LimitRange", "NamespaceLimits", "NetworkPolicies", "NetworkPolicy", "ResourceQuota"],
    ]);
  });

  it("the quota is twice what is deployed, and room for ten other pods", async () => {
    const [dev, prod] = [await deploy("dev"), await deploy("prod")];
    const hard = (deployment: Deployment) => (specOf(deployment, "namespace-limits-quota") as { hard: object }).hard;
    assert.deepEqual(hard(dev), {
      pods: String(2 * 5 + 10),
      "requests.cpu": "700m",
      "limits.cpu": "18000m",
      "requests.memory": "11264Mi",
      "limits.memory": "11264Mi",
      persistentvolumeclaims: String(2 * 5),
      "requests.storage": `${2 * (3 + 10 + 10 + 10 + 5) * 1024}Mi`,
    });
    for (const [deployment, prefix] of [
      [dev, "dev"],
      [prod, "prod"],
    ] as const) {
      assert.equal(metadata(one(deployment, "namespace-limits-quota")).name, `${prefix}-quota`);
      assert.equal(metadata(one(deployment, "namespace-limits-defaults")).name, `${prefix}-defaults`);
    }
  });

  it("a container that asks for nothing is given something, so that the quota admits it", async () => {
    const { limits } = one(await deploy("dev"), "namespace-limits-defaults").inputs["spec"] as { limits: Json[] };
    assert.deepEqual(limits, [
      {
        type: "Container",
        defaultRequest: { cpu: "50m", memory: "64Mi" },
        default: { cpu: "500m", memory: "256Mi" },
      },
    ]);
  });
});

/** Whether the engine is told that an input is secret, so that the state holds it encrypted. */
function isMarked(input: unknown): boolean {
  return typeof input === "object" && input !== null && pulumi.runtime.specialSigKey in input;
}
