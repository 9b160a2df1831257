import assert from "node:assert/strict";
import { test } from "node:test";
import { portNames } from "../../../routing/analyze/port-names.ts";
import { findings, service } from "../support.ts";

test("IST0118: a name that does not begin with a protocol", () => {
  assert.deepEqual(findings(portNames, service({ ports: "{port: 1, name: db, targetPort: 2}" })), [
    "Info IST0118 Service default/echo test.yaml:6: Port name db (port: 1, targetPort: 2) doesn't follow the naming convention of Istio port.",
  ]);
  assert.equal(findings(portNames, service({ ports: "{port: 1}" })).length, 1);
});

test("a protocol, alone or before a dash, appProtocol, UDP and well-known ports are fine", () => {
  const ports =
    "{port: 1, name: tcp}, {port: 2, name: MySQL-main}, {port: 3, name: db, appProtocol: tcp}, {port: 4, name: a, protocol: UDP}, {port: 3306, name: b}, {port: 5, name: grpc-web-x}";
  assert.deepEqual(findings(portNames, service({ ports })), []);
  assert.deepEqual(findings(portNames, service({ namespace: "kube-system", ports: "{port: 1, name: db}" })), []);
});

test("Services of Istio itself, and of gateways that it manages, are its own affair", () => {
  for (const label of [
    "istio: ingressgateway",
    "release: istio",
    "gateway.istio.io/managed: istio.io-gateway-controller",
  ]) {
    const text = service({ ports: "{port: 1, name: db}" }).replace(
      "namespace: default",
      `namespace: default, labels: {${label}}`,
    );
    assert.deepEqual(findings(portNames, text), []);
  }
});
