import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { describeLine, findChanges, findDiagnostics } from "../../../local/commands/pulumi.ts";

suite("what Pulumi prints", () => {
  test("is shortened to what happens to which resource", () => {
    assert.equal(
      describeLine(
        " +  kubernetes:apps/v1:Deployment tcp-echo-v1 creating (1s) Waiting for app ReplicaSet to be available (0/1 Pods available)",
      ),
      "Deployment tcp-echo-v1 creating (1s) Waiting for app ReplicaSet to be available (0/1 Pods available)",
    );
    assert.equal(describeLine("    docker:index:Image gateway  Building your image"), undefined);
    assert.equal(
      describeLine(" ~  kubernetes:core/v1:Service ingressgateway updated (2s) [diff: ~spec]"),
      "Service ingressgateway updated (2s) [diff: ~spec]",
    );
    assert.equal(describeLine("@ updating......."), undefined);
    assert.equal(
      describeLine(
        "    pulumi:pulumi:Stack tcp-ingress-local warning: using pulumi-language-nodejs from $PATH at /bin",
      ),
      undefined,
    );
  });

  test("is counted by its own summary", () => {
    assert.equal(
      findChanges("\nResources:\n    + 2 created\n    ~ 1 updated\n    33 unchanged\n\nDuration: 3s\n"),
      "2 created, 1 updated, 33 unchanged",
    );
    assert.equal(findChanges("nothing of the kind"), "");
  });

  test("is cut to its diagnostics, without notices and colours", () => {
    const stdout = `Updating (local):
Diagnostics:
  pulumi:pulumi:Stack (tcp-ingress-local):
    warning: using pulumi-language-nodejs from $PATH at /bin/pulumi-language-nodejs
    error: \u001b[31mConfiguration key registry is missing\u001b[39m

    [Pulumi Neo] Would you like help with these diagnostics?
Resources:
    1 errored
`;
    assert.equal(
      findDiagnostics({ stdout, stderr: "" }),
      "  pulumi:pulumi:Stack (tcp-ingress-local):\n    error: Configuration key registry is missing",
    );
  });

  test("is cut to the policies that it violates and its diagnostics", () => {
    const policies = (level: string) => `Updating (local):
Policies:
    ❌ tcp-ingress@v0.1.0 (local: policy)
        - [${level}] [severity: high]  image-digest  (kubernetes:apps/v1:Deployment: web)
          Deployment default/web: spec.template.spec.containers[0].image is web:1; pin it

Diagnostics:
  pulumi:pulumi:Stack (tcp-ingress-local):
    error: update failed

`;
    assert.equal(
      findDiagnostics({ stdout: policies("mandatory"), stderr: "" }),
      `    ❌ tcp-ingress@v0.1.0 (local: policy)
        - [mandatory] [severity: high]  image-digest  (kubernetes:apps/v1:Deployment: web)
          Deployment default/web: spec.template.spec.containers[0].image is web:1; pin it
  pulumi:pulumi:Stack (tcp-ingress-local):
    error: update failed`,
    );
    assert.equal(
      findDiagnostics({ stdout: policies("advisory"), stderr: "" }),
      "  pulumi:pulumi:Stack (tcp-ingress-local):\n    error: update failed",
    );
  });

  test("is its error where it has no diagnostics", () => {
    assert.equal(
      findDiagnostics({ stdout: "Updating (local):\n", stderr: "error: no such stack\n" }),
      "error: no such stack",
    );
  });
});
