import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { clusterFolder, repository } from "../../../local/commands/paths.ts";
import { chooseTarget } from "../../../local/commands/target.ts";

suite("the cluster of stack local", () => {
  const own = { kind: "own" };

  test("is our own where nobody names one", () => {
    assert.deepEqual(chooseTarget({}, {}), own);
    assert.deepEqual(chooseTarget({ config: { "tcp-ingress:kubeconfig": "" } }, { KUBECONFIG: "" }), own);
  });

  test("is our own where KUBECONFIG names ours, as the last screen says to", () => {
    assert.deepEqual(chooseTarget({}, { KUBECONFIG: join(clusterFolder, "pki", "admin.kubeconfig") }), own);
  });

  test("is the one that KUBECONFIG names", () => {
    assert.deepEqual(chooseTarget({}, { KUBECONFIG: "/etc/k" }), { kind: "foreign", kubeconfig: "/etc/k" });
    assert.deepEqual(chooseTarget({}, { KUBECONFIG: `${clusterFolder}/k:/etc/k` }), {
      kind: "foreign",
      kubeconfig: `${clusterFolder}/k:/etc/k`,
    });
  });

  test("is the one that the stack's configuration names, before KUBECONFIG", () => {
    const configured = (kubeconfig: string) =>
      chooseTarget({ config: { "tcp-ingress:kubeconfig": kubeconfig } }, { KUBECONFIG: "/etc/k" });
    assert.deepEqual(configured("~/.kube/config"), { kind: "foreign", kubeconfig: join(homedir(), ".kube/config") });
    assert.deepEqual(configured("k3s.yaml"), { kind: "foreign", kubeconfig: join(repository, "k3s.yaml") });
  });
});
