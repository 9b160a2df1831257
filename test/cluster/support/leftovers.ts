import assert from "node:assert/strict";
import { eventually } from "./eventually.ts";
import { kubectl } from "./stack.ts";

const kinds = [
  ...[
    "deployments",
    "services",
    "serviceaccounts",
    "configmaps",
    "secrets",
    "pods",
    "poddisruptionbudgets",
    "roles",
    "rolebindings",
    "leases",
  ],
  ...["clusterroles", "clusterrolebindings", "customresourcedefinitions", "namespaces"],
];

/** Of the tests under `apart/`, which run at the same time and tidy up for themselves: their namespaces and custom resource definitions. */
const others = /^namespace\/pod-security-|\.admission\.tcp-ingress\.test$/;

/** Everything that a stack could leave in the cluster, by name, with the labels that namespace default carries. */
export async function leftovers(): Promise<string> {
  const names = await kubectl(["get", kinds.join(","), "--namespace=default", "--output=name"]);
  const labels = await kubectl(["get", "namespace", "default", "--output=jsonpath={.metadata.labels}"]);
  const own = names
    .trim()
    .split("\n")
    .filter((name) => !others.test(name));
  return `${own.sort().join("\n")}\n${labels}`;
}

/** Waits until the cluster holds what {@link leftovers} told before, and nothing else: pods take a moment to end. */
export async function assertNothingLeft(before: string): Promise<void> {
  await eventually("everything to be gone", async () => {
    assert.equal(await leftovers(), before);
    return true;
  });
}
