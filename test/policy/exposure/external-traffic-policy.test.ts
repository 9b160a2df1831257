import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { externalTrafficPolicy } from "../../../policy/exposure/external-traffic-policy.ts";
import { judge, messages, unknown } from "../support/judge.ts";
import { service, undecided } from "./support.ts";

suite("external-traffic-policy", () => {
  test("is content with what is wanted", async () => {
    assert.deepEqual(await judge(externalTrafficPolicy, service({ externalTrafficPolicy: "Local" })), []);
    assert.deepEqual(await judge(externalTrafficPolicy, service(), { policy: "Cluster" }), []);
  });

  test("is not for Services that are reached from inside alone", async () => {
    assert.deepEqual(await judge(externalTrafficPolicy, service({ type: "ClusterIP" })), []);
  });

  test("refuses others", async () => {
    assert.deepEqual(await judge(externalTrafficPolicy, service({ externalTrafficPolicy: "Cluster" })), [
      {
        message: "Service default/web: spec.externalTrafficPolicy is Cluster; set it to Local",
        level: "mandatory",
        severity: "medium",
        resource: "test",
      },
    ]);
    const local = service({ type: "NodePort", externalTrafficPolicy: "Local" });
    assert.deepEqual(await messages(externalTrafficPolicy, local, { policy: "Cluster" }), [
      "Service default/web: spec.externalTrafficPolicy is Local; set it to Cluster",
    ]);
  });

  test("knows the default", async () => {
    assert.deepEqual(await messages(externalTrafficPolicy, service()), [
      "Service default/web: spec.externalTrafficPolicy is not set, which means Cluster; set it to Local",
    ]);
  });

  test("leaves what is not known yet undecided", async () => {
    assert.deepEqual(await messages(externalTrafficPolicy, service({ externalTrafficPolicy: unknown })), [
      undecided("spec.externalTrafficPolicy"),
    ]);
  });
});
