import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { serviceAnnotations } from "../../../policy/exposure/service-annotations.ts";
import { judge, messages, unknown } from "../support/judge.ts";
import { service, undecided } from "./support.ts";

const scheme = "service.beta.kubernetes.io/aws-load-balancer-scheme";
const refused = (name: string) => `Service default/web: metadata.annotations["${name}"] is not allowed; remove it`;

suite("service-annotations", () => {
  const annotated = service({}, { annotations: { [scheme]: "internet-facing", "example.com/owner": "pay" } });

  test("is content with all unless told otherwise", async () => {
    assert.deepEqual(await judge(serviceAnnotations, annotated), []);
    assert.deepEqual(await judge(serviceAnnotations, service(), { allowed: [] }), []);
  });

  test("refuses what is forbidden, by its name or a part of that, and never says a value", async () => {
    assert.deepEqual(await judge(serviceAnnotations, annotated, { forbidden: [scheme] }), [
      { message: refused(scheme), level: "mandatory", severity: "medium", resource: "test" },
    ]);
    const forbidden = ["service.beta.kubernetes.io/*"];
    assert.deepEqual(await messages(serviceAnnotations, annotated, { allowed: [scheme, "*"], forbidden }), [
      refused(scheme),
    ]);
  });

  test("refuses what is not allowed", async () => {
    assert.deepEqual(
      await messages(serviceAnnotations, annotated, { allowed: ["service.beta.kubernetes.io/aws-load-balancer-*"] }),
      [refused("example.com/owner")],
    );
  });

  test("is not for Services that are reached from inside alone", async () => {
    const inside = service({ type: "ClusterIP" }, { annotations: { [scheme]: "internal" } });
    assert.deepEqual(await judge(serviceAnnotations, inside, { allowed: [] }), []);
  });

  test("leaves what is not known yet undecided", async () => {
    assert.deepEqual(await messages(serviceAnnotations, service({}, { annotations: unknown }), { allowed: [] }), [
      undecided("metadata.annotations"),
    ]);
    const one = service({}, { annotations: { a: unknown, b: "" } });
    assert.deepEqual(await messages(serviceAnnotations, one, { allowed: [] }), [
      undecided("metadata.annotations.a"),
      "Service default/web: metadata.annotations.b is not allowed; remove it",
    ]);
  });
});
