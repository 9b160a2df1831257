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

/** Everything that a stack could leave in the cluster, by name, with the labels that namespace default carries. */
export async function leftovers(): Promise<string> {
  const names = await kubectl(["get", kinds.join(","), "--namespace=default", "--output=name"]);
  const labels = await kubectl(["get", "namespace", "default", "--output=jsonpath={.metadata.labels}"]);
  return `${names.trim().split("\n").sort().join("\n")}\n${labels}`;
}

/** Waits until the cluster holds what {@link leftovers} told before, and nothing else: pods take a moment to end. */
export async function assertNothingLeft(before: string): Promise<void> {
  await eventually("everything to be gone", async () => {
    assert.equal(await leftovers(), before);
    return true;
  });
}
