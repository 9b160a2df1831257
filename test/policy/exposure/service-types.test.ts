import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { serviceTypes } from "../../../policy/exposure/service-types.ts";
import { applies, judge, messages, unknown } from "../support/judge.ts";
import { service, undecided } from "./support.ts";

suite("service-types", () => {
  test("is content with what is allowed, and takes a Service without a type for a ClusterIP", async () => {
    for (const type of ["LoadBalancer", "ClusterIP", "ExternalName", undefined]) {
      assert.deepEqual(await judge(serviceTypes, service({ type })), [], type ?? "no type");
    }
    assert.deepEqual(await judge(serviceTypes, service({ type: undefined }), { allowed: ["ClusterIP"] }), []);
  });

  test("refuses others", async () => {
    assert.deepEqual(await judge(serviceTypes, service({ type: "NodePort" })), [
      {
        message: "Service default/web: spec.type is NodePort; make it ClusterIP or LoadBalancer or ExternalName",
        level: "mandatory",
        severity: "high",
        resource: "test",
      },
    ]);
    assert.deepEqual(await messages(serviceTypes, service(), { allowed: ["ClusterIP"] }), [
      "Service default/web: spec.type is LoadBalancer; make it ClusterIP",
    ]);
  });

  test("leaves a type that is not known yet undecided", async () => {
    assert.deepEqual(await messages(serviceTypes, service({ type: unknown })), [undecided("spec.type")]);
  });

  test("judges a patch by the type that it sets, if any", async () => {
    const type = "kubernetes:core/v1:ServicePatch";
    assert.deepEqual(await judge(serviceTypes, { type, props: { spec: { ports: [] } } }), []);
    assert.equal((await judge(serviceTypes, { type, props: { spec: { type: "NodePort" } } })).length, 1);
  });

  test("is for Services alone", async () => {
    assert.equal(await applies(serviceTypes, { type: "kubernetes:core/v1:Secret", props: {} }), false);
  });

  test("refuses a config with types that there are not, or none", async () => {
    await assert.rejects(
      judge(serviceTypes, service(), { allowed: ["Loadbalancer"] }),
      /policy service-types: allowed/,
    );
    await assert.rejects(judge(serviceTypes, service(), { allowed: [] }), /policy service-types: allowed/);
  });
});
