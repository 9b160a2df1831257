import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { requiredLabels } from "../../../policy/hygiene/required-labels.ts";
import { judge, messages, remediate, unknown } from "../support/judge.ts";

const labels = { team: { values: ["pay-*", "core"], default: "core" }, "example.com/cost-center": {} };

function deployment(metadata: object) {
  const spec = { selector: { matchLabels: { app: "web" } }, template: { metadata: { labels: { app: "web" } } } };
  return { type: "kubernetes:apps/v1:Deployment", props: { metadata: { name: "web", ...metadata }, spec } };
}

const whole = { team: "pay-cards", "example.com/cost-center": "42" };

suite("required-labels", () => {
  test("is content with all of them, and requires none by itself", async () => {
    assert.deepEqual(await judge(requiredLabels, deployment({ labels: whole }), { labels }), []);
    assert.deepEqual(await judge(requiredLabels, deployment({})), []);
  });

  test("refuses a missing one, or an empty one", async () => {
    assert.deepEqual(
      await judge(requiredLabels, deployment({ labels: { "example.com/cost-center": "" } }), { labels }),
      [
        {
          message: "Deployment default/web: metadata.labels.team is not set; set it to pay-* or core",
          level: "mandatory",
          severity: "low",
          resource: "test",
        },
        {
          message: 'Deployment default/web: metadata.labels["example.com/cost-center"] is not set; set it',
          level: "mandatory",
          severity: "low",
          resource: "test",
        },
      ],
    );
  });

  test("refuses a value that is not allowed, by its case too", async () => {
    for (const team of ["ops", "PAY-cards"]) {
      assert.deepEqual(await messages(requiredLabels, deployment({ labels: { ...whole, team } }), { labels }), [
        `Deployment default/web: metadata.labels.team is ${team}; set it to pay-* or core`,
      ]);
    }
  });

  test("is for the kinds that the config names, of all of Kubernetes'", async () => {
    const crd = { type: "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", props: {} };
    const route = { type: "kubernetes:networking.istio.io/v1:VirtualService", props: {} };
    const others = [
      { type: "docker:index/image:Image", props: {} },
      { type: "kubernetes:helm.sh/v3:Release", props: { chart: "nginx" } },
      { type: "kubernetes:yaml/v2:ConfigFile", props: { file: "a.yaml" } },
      { type: "kubernetes:core/v1:NamespacePatch", props: { metadata: { name: "a" } } },
    ];
    for (const resource of [crd, route]) {
      assert.equal((await judge(requiredLabels, resource, { labels })).length, 2, resource.type);
      assert.deepEqual(await judge(requiredLabels, resource, { labels, kinds: ["apps/*"] }), []);
    }
    assert.deepEqual(await judge(requiredLabels, others, { labels }), []);
    assert.equal((await judge(requiredLabels, deployment({}), { labels, kinds: ["apps/*"] })).length, 2);
  });

  test("leaves what is not known yet undecided", async () => {
    assert.deepEqual(
      await messages(requiredLabels, deployment({ labels: { team: unknown, "example.com/cost-center": "42" } }), {
        labels,
      }),
      [
        "Deployment default/web is not judged yet, as a preview can't know metadata.labels.team; it is judged before the resource is created or changed",
      ],
    );
    assert.equal((await messages(requiredLabels, deployment({ labels: unknown }), { labels })).length, 1);
  });

  test("refuses a default that is none of the values, or no label", async () => {
    await assert.rejects(
      judge(requiredLabels, deployment({}), { labels: { team: { values: ["a"], default: "b" } } }),
      /policy required-labels: labels: team: with a default that is among its values/,
    );
    await assert.rejects(
      judge(requiredLabels, deployment({}), { labels: { team: { default: "not a label!" } } }),
      /policy required-labels: labels: team: default: a label's value/,
    );
  });
});

suite("remediation of required-labels", () => {
  test("adds what is missing and has a default, and changes no selector and no pod's labels", async () => {
    const before = deployment({ labels: { app: "web" } });
    assert.deepEqual(await remediate(requiredLabels, before, { labels }), {
      ...before.props,
      metadata: { name: "web", labels: { app: "web", team: "core" } },
    });
    assert.deepEqual(await remediate(requiredLabels, { type: "kubernetes:core/v1:Service", props: {} }, { labels }), {
      metadata: { labels: { team: "core" } },
    });
  });

  test("leaves a wrong value, which somebody meant, to be refused", async () => {
    assert.equal(await remediate(requiredLabels, deployment({ labels: { team: "ops" } }), { labels }), undefined);
  });

  test("leaves labels that are not known yet as they are", async () => {
    assert.equal(await remediate(requiredLabels, deployment({ labels: unknown }), { labels }), undefined);
  });
});
