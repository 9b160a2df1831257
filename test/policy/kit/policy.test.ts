import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as z from "zod";
import {
  allObjects,
  containers,
  objects,
  resourcePolicy,
  shown,
  some,
  stackPolicy,
  wholeStack,
} from "../../../policy/kit/index.ts";
import { applies, judge, messages, remediate, secret, unknown } from "../support/judge.ts";

const noLatest = resourcePolicy({
  name: "no-latest",
  description: "A tag that moves makes two pods of one Deployment run different code.",
  severity: "medium",
  level: "mandatory",
  config: { tags: z.array(z.string()).default(["latest"]).describe("Tags that no image may have") },
  over: containers,
  check({ container: { image } }, { config: { tags } }) {
    if (image === undefined || !tags.includes(image.split(":").at(-1) ?? "")) return undefined;
    return { property: ["image"], is: shown(image), remedy: "name a version" };
  },
});

function deployment(images: readonly string[], metadata: object = { name: "web" }) {
  const containers = images.map((image, index) => ({ name: `c${index}`, image }));
  return { type: "kubernetes:apps/v1:Deployment", props: { metadata, spec: { template: { spec: { containers } } } } };
}

describe("a resource policy", () => {
  test("says nothing of what is right", async () => {
    assert.deepEqual(await judge(noLatest, deployment(["nginx:1"])), []);
  });

  test("names resource, property, value and remedy", async () => {
    assert.deepEqual(await judge(noLatest, deployment(["nginx:1", "redis:latest"])), [
      {
        message: "Deployment default/web: spec.template.spec.containers[1].image is redis:latest; name a version",
        level: "mandatory",
        severity: "medium",
        resource: "test",
      },
    ]);
  });

  test("has its level and severity from its config", async () => {
    const [verdict] = await judge(noLatest, deployment(["redis:latest"]), {
      enforcementLevel: "advisory",
      severity: "low",
    });
    assert.deepEqual([verdict?.level, verdict?.severity], ["advisory", "low"]);
    assert.deepEqual(await judge(noLatest, deployment(["redis:latest"]), { enforcementLevel: "disabled" }), []);
  });

  test("reads its own keys", async () => {
    assert.deepEqual(await messages(noLatest, deployment(["a:latest"]), { tags: ["edge"] }), []);
    assert.equal((await messages(noLatest, deployment(["a:edge"]), { tags: ["edge"] })).length, 1);
  });

  test("stops the preview at a config key that it does not know, or a value that does not fit", async () => {
    await assert.rejects(
      judge(noLatest, deployment(["a:1"]), { tag: ["edge"] }),
      /Cannot read the config of policy no-latest: .*"tag".* Correct it in the policy config/,
    );
    await assert.rejects(judge(noLatest, deployment(["a:1"]), { severity: "dire" }), /policy no-latest: severity: /);
  });

  test("does not apply where it has nothing to judge", async () => {
    assert.equal(await applies(noLatest, deployment(["a:1"])), true);
    assert.equal(await applies(noLatest, { type: "kubernetes:core/v1:ConfigMap", props: {} }), false);
    assert.equal(await applies(noLatest, { type: "docker:index/image:Image", props: {} }), false);
  });
});

describe("a value that a preview can't know", () => {
  test("leaves its piece undecided, and the others judged", async () => {
    const [first, second, ...more] = await judge(noLatest, deployment([unknown, "redis:latest"]));
    assert.deepEqual(first, {
      message:
        "Deployment default/web is not judged yet, as a preview can't know spec.template.spec.containers[0].image; it is judged before the resource is created or changed",
      level: "advisory",
      severity: "medium",
      resource: "test",
    });
    assert.equal(
      second?.message,
      "Deployment default/web: spec.template.spec.containers[1].image is redis:latest; name a version",
    );
    assert.deepEqual(more, []);
  });

  test("is told of once where it decides on a whole list", async () => {
    const props = { metadata: { name: "web" }, spec: { template: { spec: { containers: unknown } } } };
    assert.deepEqual(await messages(noLatest, { type: "kubernetes:apps/v1:Deployment", props }), [
      "Deployment default/web is not judged yet, as a preview can't know spec.template.spec.containers; it is judged before the resource is created or changed",
    ]);
  });

  test("does not hide other lists", async () => {
    const spec = { containers: unknown, initContainers: [{ name: "init", image: "a:latest" }] };
    assert.deepEqual(
      await messages(noLatest, { type: "kubernetes:core/v1:Pod", props: { metadata: { name: "web" }, spec } }),
      [
        "Pod default/web: spec.initContainers[0].image is a:latest; name a version",
        "Pod default/web is not judged yet, as a preview can't know spec.containers; it is judged before the resource is created or changed",
      ],
    );
  });

  test("in a name leaves Pulumi's name to tell the resource by", async () => {
    assert.deepEqual(await messages(noLatest, deployment(["a:latest"], { name: unknown, namespace: unknown })), [
      "Deployment test: spec.template.spec.containers[0].image is a:latest; name a version",
    ]);
  });
});

describe("where objects are", () => {
  test("the provider's namespace is theirs unless they have one", async () => {
    const resource = { ...deployment(["a:latest"]), provider: { namespace: "team" } };
    assert.match((await messages(noLatest, resource)).join(), /^Deployment team\/web:/);
    const own = { ...deployment(["a:latest"], { name: "web", namespace: "own" }), provider: { namespace: "team" } };
    assert.match((await messages(noLatest, own)).join(), /^Deployment own\/web:/);
  });

  test("kinds that are in no namespace are named without", async () => {
    const never = resourcePolicy({
      name: "never",
      description: "Never.",
      severity: "low",
      level: "advisory",
      over: allObjects,
      check: () => ({ is: "there", remedy: "remove it" }),
    });
    assert.deepEqual(
      await messages(never, { type: "kubernetes:core/v1:Namespace", props: { metadata: { name: "team" } } }),
      ["Namespace team is there; remove it"],
    );
  });

  test("each item of a list is an object", async () => {
    const { props } = deployment(["a:latest"]);
    const list = { type: "kubernetes:apps/v1:DeploymentList", props: { items: [deployment(["a:1"]).props, props] } };
    assert.deepEqual(await messages(noLatest, list), [
      "Deployment default/web: items[1].spec.template.spec.containers[0].image is a:latest; name a version",
    ]);
    const kinds = {
      type: "kubernetes:core/v1:List",
      props: { items: [{ apiVersion: "apps/v1", kind: "Deployment", ...props }] },
    };
    assert.deepEqual(await messages(noLatest, kinds), [
      "Deployment default/web: items[0].spec.template.spec.containers[0].image is a:latest; name a version",
    ]);
  });
});

describe("remediation", () => {
  const managed = resourcePolicy({
    name: "managed-by",
    description: "Who manages an object should be seen from it.",
    severity: "low",
    level: "mandatory",
    remediation: "Adds the label",
    over: allObjects,
    check({ metadata }) {
      if (metadata?.labels?.["app.kubernetes.io/managed-by"] !== undefined) return undefined;
      const property = ["metadata", "labels", "app.kubernetes.io/managed-by"];
      return { property, is: "not set", remedy: "set it", fix: "pulumi" };
    },
  });
  const configMap = "kubernetes:core/v1:ConfigMap";

  test("sets what is wanted and leaves what is secret or unknown as it is", async () => {
    const props = { metadata: { name: "a" }, data: { key: secret("s3cret"), other: unknown } };
    assert.deepEqual(await remediate(managed, { type: configMap, props }), {
      ...props,
      metadata: { name: "a", labels: { "app.kubernetes.io/managed-by": "pulumi" } },
    });
  });

  test("changes nothing where nothing is wrong", async () => {
    const labels = { "app.kubernetes.io/managed-by": "pulumi" };
    assert.equal(await remediate(managed, { type: configMap, props: { metadata: { labels } } }), undefined);
  });

  test("leaves what can't be known to the judgement", async () => {
    const props = { metadata: { name: "a", labels: unknown } };
    assert.equal(await remediate(managed, { type: configMap, props }), undefined);
    assert.match((await messages(managed, { type: configMap, props })).join(), /can't know metadata\.labels/);
  });
});

describe("a patch", () => {
  test("is judged by what it sets, and of the rest nothing is said", async () => {
    const limited = resourcePolicy({
      name: "replicas",
      description: "One pod is none while its node is drained.",
      severity: "low",
      level: "mandatory",
      over: objects("apps/Deployment"),
      check({ spec }) {
        if ((spec?.replicas ?? 1) >= 2) return undefined;
        return { property: ["spec", "replicas"], is: shown(spec?.replicas), remedy: "run 2 or more" };
      },
    });
    const type = "kubernetes:apps/v1:DeploymentPatch";
    assert.deepEqual(
      await messages(limited, { type, props: { metadata: { name: "web" }, spec: { paused: true } } }),
      [],
    );
    assert.deepEqual(await messages(limited, { type, props: { metadata: { name: "web" }, spec: { replicas: 1 } } }), [
      "Deployment default/web: spec.replicas is 1; run 2 or more",
    ]);
  });
});

describe("a stack policy", () => {
  const service = (name: string, type: string) => ({
    type: "kubernetes:core/v1:Service",
    name,
    props: { metadata: { name }, spec: { type } },
  });
  const selected = stackPolicy({
    name: "one-headless",
    description: "There has to be a ClusterIP.",
    severity: "high",
    level: "mandatory",
    over: objects("Service"),
    check(_, { resources }) {
      const services = objects("Service")(resources, undefined);
      if (some(services, (piece) => piece.read().spec?.type === "ClusterIP")) return undefined;
      return { is: "without a ClusterIP beside it", remedy: "add one" };
    },
  });

  test("tells by the URN what it is about", async () => {
    const verdicts = await judge(selected, [service("a", "NodePort"), service("b", "NodePort")]);
    assert.deepEqual(
      verdicts.map(({ message, resource }) => [message, resource]),
      [
        ["Service default/a is without a ClusterIP beside it; add one", "a"],
        ["Service default/b is without a ClusterIP beside it; add one", "b"],
      ],
    );
  });

  test("is content with what is known, and undecided only where that is not enough", async () => {
    assert.deepEqual(await judge(selected, [service("a", unknown), service("b", "ClusterIP")]), []);
    assert.deepEqual(await messages(selected, [service("a", unknown)]), [
      "Service default/a is not judged yet, as a preview can't know spec.type; it is judged at the end of the update",
    ]);
  });

  test("judges what goes to one cluster together, however many providers it has, and not what goes to two", async () => {
    const [here, there] = [service("a", "NodePort"), service("b", "ClusterIP")];
    const inTwo = [
      { ...here, provider: { context: "eu" } },
      { ...there, provider: { context: "us" } },
    ];
    assert.deepEqual(await messages(selected, inTwo), ["Service default/a is without a ClusterIP beside it; add one"]);
    const inOne = [
      { ...here, provider: { context: "eu", namespace: "a" } },
      { ...there, provider: { context: "eu", namespace: "b" } },
    ];
    assert.deepEqual(await messages(selected, inOne), []);
    const unsure = inTwo.map((each) => ({ ...each, provider: { kubeconfig: unknown } }));
    assert.deepEqual(await messages(selected, unsure), []);
  });

  test("may be about the stack as a whole", async () => {
    const few = stackPolicy({
      name: "few",
      description: "Few.",
      severity: "low",
      level: "advisory",
      together: "stack",
      over: wholeStack,
      check: ({ length }) => (length > 1 ? { is: `made of ${length} resources`, remedy: "split it" } : undefined),
    });
    const resources = [service("a", "NodePort"), { ...service("b", "NodePort"), provider: { context: "us" } }];
    assert.deepEqual(await messages(few, resources), ["Stack is made of 2 resources; split it"]);
  });
});
