import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { coexistence } from "../../stack/coexistence.ts";
import { readConfig } from "../../stack/config.ts";
import { Engine } from "../components/support/engine.ts";
import { configWith } from "./support.ts";

async function of(values: Record<string, unknown>) {
  await Engine.start(undefined, { config: configWith({ gatewayImage: "gateway", echoImage: "echo", ...values }) });
  return coexistence(readConfig());
}

const alone = {
  coexist: "none",
  selector: { istio: "ingressgateway" },
  namespaceLabels: { "istio-injection": "enabled" },
  podLabels: {},
};
const separate = {
  coexist: "separate",
  selector: { istio: "tcp-ingress" },
  namespaceLabels: {},
  podLabels: { "sidecar.istio.io/inject": "false" },
};

suite("beside a real Istio", () => {
  test("is where its definitions are used", async () => {
    assert.deepEqual(await of({ crds: "existing" }), separate);
    assert.deepEqual(await of({ crds: "install" }), alone);
  });

  test("is what the config says, whoever brings the definitions", async () => {
    assert.deepEqual(await of({ crds: "install", coexist: "separate" }), separate);
    assert.deepEqual(await of({ crds: "existing", coexist: "none" }), alone);
  });

  test("other labels of the namespace stay", async () => {
    const { namespaceLabels } = await of({
      coexist: "separate",
      namespaceLabels: { "istio-injection": "enabled", team: "edge" },
    });
    assert.deepEqual(namespaceLabels, { team: "edge" });
  });

  test("the selector of Istio's own gateway is warned of", async (context) => {
    const warn = context.mock.method(pulumi.log, "warn", () => Promise.resolve());
    const selector = { istio: "ingressgateway" };
    assert.deepEqual((await of({ coexist: "separate", ingress: { selector } })).selector, selector);
    assert.deepEqual(
      warn.mock.calls.map(({ arguments: [message] }) => message),
      [
        "ingress.selector has istio: ingressgateway, as the pods of a real Istio's ingress gateway: both serve the same Gateways. Choose another label, or leave it out",
      ],
    );
  });
});
