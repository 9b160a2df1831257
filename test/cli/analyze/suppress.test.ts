import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSuppression, suppressor } from "../../../cli/analyze/suppress.ts";
import { Failure } from "../../../cli/failure.ts";
import { messageOf, Objects } from "../../../routing/index.ts";
import { declared } from "../../routing/support.ts";

const about = (resource: string) => messageOf("IST0118", { resource }, "text");

test("a suppression names a code and a resource, with wildcards, as istioctl has it", () => {
  const cases: [string, string, boolean][] = [
    ["IST0118=Service shop/echo", "Service shop/echo", true],
    ["IST0118=Service shop/echo", "Service shop/echo-2", false],
    ["IST0118=Service shop/*", "Service shop/echo", true],
    ["IST0118=Service shop/*", "Service other/echo", false],
    ["IST0118=Service echo.shop", "Service shop/echo", true],
    ["ist0118=*", "Service shop/echo", true],
    ["IST0118", "Service shop/echo", true],
    ["IST01*", "Service shop/echo", true],
    ["IST0101=*", "Service shop/echo", false],
    // Of the namespace that objects without one are in.
    ["IST0118=Service here/echo", "Service echo", true],
    ["IST0118=Service echo", "Service echo", true],
    // A dot is a dot.
    ["IST0118=Service shop/e.ho", "Service shop/echo", false],
  ];
  for (const [text, resource, expected] of cases) {
    const isSuppressed = suppressor([parseSuppression(text)], Objects.empty, "here");
    assert.equal(isSuppressed(about(resource)), expected, `${text} for ${resource}`);
  }
});

test("a code that no message has is a mistake", () => {
  assert.throws(() => parseSuppression("IST9999=*"), {
    name: Failure.name,
    message: 'No message has the code "IST9999". Give CODE=RESOURCE, such as "IST0118=Service shop/*"',
  });
});

test("an object's own annotation suppresses", () => {
  const objects = declared(`apiVersion: v1
kind: Service
metadata: {name: echo, namespace: shop, annotations: {galley.istio.io/analyze-suppress: "IST0101, IST0118"}}
spec: {}
---
apiVersion: v1
kind: Service
metadata: {name: all, namespace: shop, annotations: {galley.istio.io/analyze-suppress: "*"}}
spec: {}`);
  const isSuppressed = suppressor([], objects, "default");
  assert.deepEqual(
    ["Service shop/echo", "Service shop/all", "Service shop/other"].map((resource) => isSuppressed(about(resource))),
    [true, true, false],
  );
  assert.equal(isSuppressed(messageOf("IST0102", { resource: "Service shop/echo" }, "text")), false);
});
