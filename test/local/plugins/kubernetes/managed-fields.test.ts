import assert from "node:assert/strict";
import { test } from "node:test";
import { hasOwnUpdates, isManaged, takeOver } from "../../../../local/plugins/kubernetes/operations/managed-fields.ts";
import type { PropertyMap } from "../../../../local/plugins/provider/index.ts";

const ours = "pulumi-kubernetes-0badcafe";
const entry = (manager: string, operation: string, fieldsV1: PropertyMap, subresource?: string): PropertyMap => ({
  manager,
  operation,
  fieldsV1,
  ...(subresource === undefined ? {} : { subresource }),
});
const live = (...managedFields: readonly PropertyMap[]) => ({ metadata: { managedFields } });

test("The create's fields become the manager's own", () => {
  const taken = takeOver(
    live(entry("pulumi-kubernetes", "Update", { "f:data": {} }), entry("other", "Apply", { "f:x": {} })),
    ours,
  );
  assert.deepEqual(taken, [entry("other", "Apply", { "f:x": {} }), entry(ours, "Apply", { "f:data": {} })]);
});

test("Fields are joined with those that the manager has, and kubectl's with them", () => {
  const taken = takeOver(
    live(
      entry(ours, "Apply", { "f:data": { "f:a": {} } }),
      entry("kubectl-client-side-apply", "Update", { "f:data": { ".": {}, "f:b": {} } }),
      entry("pulumi-kubernetes", "Update", { "f:data": { "f:a": { "f:deep": {} } } }),
    ),
    ours,
  );
  assert.deepEqual(taken, [
    entry(ours, "Apply", { "f:data": { ".": {}, "f:a": { ".": {}, "f:deep": {} }, "f:b": {} } }),
  ]);
});

test("What a subresource's writer has stays with it, and so does another provider's", () => {
  assert.equal(
    takeOver(
      live(entry("kubectl", "Update", { "f:spec": {} }, "scale"), entry("helm", "Update", { "f:data": {} })),
      ours,
    ),
    undefined,
  );
});

test("Updates of this provider are told from those of others", () => {
  assert.equal(hasOwnUpdates(live(entry("pulumi-kubernetes", "Update", {}))), true);
  assert.equal(hasOwnUpdates(live(entry(ours, "Apply", {}), entry("kubectl", "Update", {}))), false);
});

test("A field is managed with what lies below it", () => {
  const object = live(entry("other", "Apply", { "f:spec": { "f:template": { "f:spec": {} } } }));
  assert.equal(
    isManaged(object, ["spec", "template"], (manager) => manager === "other"),
    true,
  );
  assert.equal(
    isManaged(object, ["spec", "replicas"], (manager) => manager === "other"),
    false,
  );
  assert.equal(
    isManaged(object, ["spec", "template"], (manager) => manager === ours),
    false,
  );
});
