import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Stack } from "../support/stack.ts";

const programs = join(import.meta.dirname, "..", "programs");
const root = join(import.meta.dirname, "..", "..", "..");

/** Programs whose declarations are wrong, and what a person is told about each, and where. */
const wrong: readonly (readonly [program: string, message: RegExp])[] = [
  ["unknown-subset.ts", /VirtualService default\/tcp-echo \(\S*unknown-subset\.ts:\d+\): .*subset.*v3.*IST0101/s],
  [
    "unknown-gateway.ts",
    /VirtualService default\/tcp-echo \(\S*unknown-gateway\.ts:\d+\): .*tcp-echo-gatway.*IST0101/s,
  ],
  [
    "two-gateways-on-one-port.ts",
    /Gateway default\/(first|second) \(\S*two-gateways-on-one-port\.ts:\d+\): .*31400.*IST0145/s,
  ],
  ["undeclared-port.ts", /VirtualService default\/tcp-echo \(\S*undeclared-port\.ts:\d+\): .*31402.*TCP\d{4}/s],
];

suite("declarations that cannot work", () => {
  let stack: Stack;

  before(async () => {
    stack = await Stack.create("wrong");
  });

  after(async () => {
    await stack[Symbol.asyncDispose]();
  });

  for (const [program, message] of wrong) {
    test(`${program} is refused in preview, and by an up without one, before any routing object changes`, async () => {
      await stack.program(join(programs, program));
      const preview = await stack.preview();
      assert.notEqual(preview.code, 0, preview.text);
      assert.match(preview.text, message);
      const up = await stack.up();
      assert.notEqual(up.code, 0, up.text);
      assert.match(up.text, message);
      const { text } = await stack.pulumi("stack", "export", "--stack", stack.name);
      assert.doesNotMatch(text, /networking\.istio\.io\/v1:/);
    });
  }

  test("a wrong value of the configuration is named, with what it may be, before anything is created", async () => {
    await stack.program(join(root, "index.ts"));
    await stack.configure({ registry: "registry.test", crds: "maybe", ingress: { replicas: 0 } });
    const { code, text } = await stack.preview();
    assert.notEqual(code, 0, text);
    assert.match(text, /tcp-ingress:crds .*install.*existing/);
    assert.match(text, /tcp-ingress:ingress\.replicas/);
  });
});
