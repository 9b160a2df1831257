import assert from "node:assert/strict";
import { test } from "node:test";
import { keepProxiesOffLoopback } from "../../../local/plugins/loopback.ts";

for (const [environment, hosts] of [
  [{}, "127.0.0.1,localhost"],
  [{ no_proxy: "example.com" }, "example.com,127.0.0.1,localhost"],
  [{ no_proxy: "example.com", no_grpc_proxy: "localhost" }, "localhost,127.0.0.1"],
] as const) {
  test(`gRPC's exceptions for ${JSON.stringify(environment)}`, () => {
    const changed: NodeJS.ProcessEnv = { ...environment };
    keepProxiesOffLoopback(changed);
    assert.deepEqual(changed, { ...environment, no_grpc_proxy: hosts });
  });
}
