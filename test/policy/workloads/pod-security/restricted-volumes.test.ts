import assert from "node:assert/strict";
import { test } from "node:test";
import { restrictedVolumes } from "../../../../policy/workloads/pod-security/restricted-volumes.ts";
import { messages, unknown } from "../../support/judge.ts";
import { pod } from "../support/objects.ts";

const remedy =
  "use one of configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected, secret";

test("volumes that Kubernetes manages pass, and one without a source, which is an emptyDir", async () => {
  const volumes = [{ name: "a", emptyDir: {} }, { name: "b", secret: { secretName: unknown } }, { name: "c" }];
  assert.deepEqual(await messages(restrictedVolumes, pod({}, { volumes })), []);
});

test("others violate, also kinds that nobody has heard of", async () => {
  const volumes = [
    { name: "a", hostPath: { path: "/" }, emptyDir: null },
    { name: "b", nfs: { server: "s", path: "/" } },
    { name: "c", quantumDisk: {} },
  ];
  assert.deepEqual(await messages(restrictedVolumes, pod({}, { volumes })), [
    `Pod default/web: spec.volumes[0].hostPath is used; ${remedy}`,
    `Pod default/web: spec.volumes[1].nfs is used; ${remedy}`,
    `Pod default/web: spec.volumes[2].quantumDisk is used; ${remedy}`,
  ]);
});

test("an unknown volume leaves the others judged", async () => {
  const volumes = [unknown, { name: "b", nfs: {} }];
  assert.equal((await messages(restrictedVolumes, pod({}, { volumes }))).length, 2);
});

test("unknown volumes are undecided", async () => {
  assert.match((await messages(restrictedVolumes, pod({}, { volumes: unknown }))).join(), /can't know spec.volumes;/);
});
