import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { externalIps } from "../../../policy/exposure/external-ips.ts";
import { judge, messages, unknown } from "../support/judge.ts";
import { service, undecided } from "./support.ts";

const remedy = "remove it, and use a Service of type LoadBalancer";

suite("external-ips", () => {
  test("is content with none, and with those that are allowed", async () => {
    assert.deepEqual(await judge(externalIps, service()), []);
    const claims = service({ externalIPs: ["192.0.2.7", "2001:db8::7"] });
    assert.deepEqual(await judge(externalIps, claims, { allowed: ["192.0.2.0/24", "2001:db8::7"] }), []);
  });

  test("refuses others, one by one", async () => {
    assert.deepEqual(await judge(externalIps, service({ type: "ClusterIP", externalIPs: ["8.8.8.8"] })), [
      {
        message: `Service default/web: spec.externalIPs[0] is 8.8.8.8; ${remedy}`,
        level: "mandatory",
        severity: "high",
        resource: "test",
      },
    ]);
    const claims = service({ externalIPs: ["192.0.2.7", "192.0.3.7", unknown] });
    assert.deepEqual(await messages(externalIps, claims, { allowed: ["192.0.2.0/24"] }), [
      `Service default/web: spec.externalIPs[1] is 192.0.3.7; ${remedy}`,
      undecided("spec.externalIPs[2]"),
    ]);
  });

  test("refuses a config that is no block", async () => {
    await assert.rejects(
      judge(externalIps, service({ externalIPs: ["8.8.8.8"] }), { allowed: ["eight"] }),
      /policy external-ips: allowed: 0: an address, or a CIDR block such as 192\.0\.2\.0\/24/,
    );
  });
});
