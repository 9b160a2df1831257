import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { commonLabels } from "../../components/labels.ts";

suite("labels of an object", () => {
  test("name its application and which of its kind it is", () => {
    assert.deepEqual(commonLabels("edge"), {
      "app.kubernetes.io/name": "tcp-ingress",
      "app.kubernetes.io/instance": "edge",
    });
    assert.equal(commonLabels("tcp-echo", "tcp-echo")["app.kubernetes.io/name"], "tcp-echo");
  });

  test("leave out a name that no label can have, as objects may have longer ones", () => {
    assert.equal(commonLabels("a".repeat(63))["app.kubernetes.io/instance"], "a".repeat(63));
    assert.deepEqual(commonLabels("a".repeat(64)), { "app.kubernetes.io/name": "tcp-ingress" });
  });
});
