import assert from "node:assert/strict";
import { test } from "node:test";
import { readOptions, typescriptEnvironment } from "../../../../local/plugins/language-nodejs/program.ts";

test("runtime options have the official host's defaults", () => {
  assert.deepEqual(readOptions({}), {
    typescript: true,
    tsconfig: undefined,
    nodeArguments: [],
    packageManager: "auto",
    production: false,
  });
});

test("TypeScript is left to Node where the option says so", () => {
  assert.deepEqual(typescriptEnvironment(readOptions({ typescript: false })), {});
  assert.deepEqual(typescriptEnvironment(readOptions({ tsconfig: "tsconfig.pulumi.json" })), {
    PULUMI_NODEJS_TYPESCRIPT: "true",
    PULUMI_NODEJS_TSCONFIG_PATH: "tsconfig.pulumi.json",
  });
});

test("options of the wrong type are named", () => {
  assert.throws(() => readOptions({ typescript: "no" }), {
    message: 'Runtime option typescript must be true or false, not "no"',
  });
  assert.throws(() => readOptions({ nodeargs: ["-r", "x"] }), {
    message: 'Runtime option nodeargs must be a string, not ["-r","x"]',
  });
  assert.throws(() => readOptions({ packagemanager: "apt" }), {
    message: "Runtime option packagemanager must be one of auto, npm, yarn, pnpm, bun, not apt",
  });
});
