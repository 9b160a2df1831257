import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { requiredServiceAnnotations } from "../../../policy/exposure/required-service-annotations.ts";
import { judge, messages, unknown } from "../support/judge.ts";
import { service, undecided } from "./support.ts";

const scheme = "service.beta.kubernetes.io/aws-load-balancer-scheme";
const annotations = { [scheme]: ["internal"] };
const at = (name: string) => `Service default/web: metadata.annotations["${name}"]`;

suite("required-service-annotations", () => {
  test("is content with what is wanted", async () => {
    const internal = service({}, { annotations: { [scheme]: "internal" } });
    assert.deepEqual(await judge(requiredServiceAnnotations, internal, { annotations }), []);
    assert.deepEqual(await judge(requiredServiceAnnotations, internal, { annotations: { [scheme]: [] } }), []);
    assert.deepEqual(await judge(requiredServiceAnnotations, service()), []);
  });

  test("refuses a missing one", async () => {
    assert.deepEqual(await judge(requiredServiceAnnotations, service(), { annotations }), [
      {
        message: `${at(scheme)} is not set; set it to internal`,
        level: "mandatory",
        severity: "high",
        resource: "test",
      },
    ]);
    assert.deepEqual(await messages(requiredServiceAnnotations, service(), { annotations: { "a/b": [] } }), [
      `${at("a/b")} is not set; set it`,
    ]);
  });

  test("refuses another value, and does not repeat it", async () => {
    const open = service({}, { annotations: { [scheme]: "internet-facing" } });
    assert.deepEqual(
      await messages(requiredServiceAnnotations, open, { annotations: { [scheme]: ["internal", "none"] } }),
      [`${at(scheme)} is set to another value; set it to internal or none`],
    );
  });

  test("is for load balancers alone", async () => {
    assert.deepEqual(await judge(requiredServiceAnnotations, service({ type: "NodePort" }), { annotations }), []);
  });

  test("judges each by itself where another is not known yet", async () => {
    const half = service({}, { annotations: { [scheme]: unknown } });
    assert.deepEqual(await messages(requiredServiceAnnotations, half, { annotations: { ...annotations, b: ["1"] } }), [
      undecided(`metadata.annotations["${scheme}"]`),
      "Service default/web: metadata.annotations.b is not set; set it to 1",
    ]);
  });
});
