import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { assertPrivate, originOf } from "../../../components/registry/transport.ts";
import { Registry } from "../support/registry.ts";

suite("the way to a registry", () => {
  test("is plain HTTP where it speaks no TLS, with credentials too when it is private", async () => {
    await using registry = await Registry.start();
    assert.equal(await originOf(registry.host, false), `http://${registry.host}`);
    assert.equal(await originOf(registry.host, true), `http://${registry.host}`);
  });

  for (const host of ["127.0.0.1", "10.1.2.3:5000", "172.31.0.1", "192.168.0.1:80", "[::1]:5000", "[fd00::1]"]) {
    test(`may tell ${host} a password by plain HTTP`, () => assertPrivate(`http://${host}/v2/`));
  }

  for (const host of ["192.0.2.1:5000", "172.32.0.1", "[2001:db8::1]"]) {
    test(`may tell ${host} none`, async () => {
      await assert.rejects(assertPrivate(`http://${host}/v2/`), {
        message: `Cannot send credentials to ${host} as it speaks plain HTTP at the public address ${host.replace(/^\[|\]|:5000$/g, "")}. Give the registry a certificate`,
      });
      await assertPrivate(`https://${host}/v2/`);
    });
  }
});
