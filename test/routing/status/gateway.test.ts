import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { messageOf } from "../../../routing/index.ts";
import type { StatusInput } from "../../../routing/status/index.ts";
import { documents, gateway, ingress } from "../support.ts";
import { conditions, inputOf, reasons, reportOf, reportsOf, served } from "./support.ts";

const key = "Gateway default/gateway";

suite("the status of a Gateway", () => {
  test("is all true where each of its listeners is open, with what is attached", () => {
    const report = reportOf(key, served());
    assert.deepEqual(conditions(report), [
      "Accepted True Accepted: All of its servers are taken",
      "ResolvedRefs True ResolvedRefs: All that it refers to exists",
      "Programmed True Programmed: 1 of 1 listeners are open",
    ]);
    assert.deepEqual(report.listeners, { declared: 1, open: 1 });
    assert.equal(report.attachedRoutes, 1);
    assert.deepEqual(report.servers, [{ port: 9000, name: "tcp", reason: "Programmed", attachedRoutes: 1 }]);
  });

  test("is none where the workload does not serve it", () => {
    assert.equal(reportsOf(inputOf(served({ gateway: gateway({ selector: "istio: other" }) }))).get(key), undefined);
  });

  test("names the one that holds its port", () => {
    const text = documents(
      served({ gateway: gateway({ created: "2026-01-02T00:00:00Z" }) }),
      gateway({ name: "older", namespace: "infra", created: "2026-01-01T00:00:00Z" }),
    );
    const report = reportOf(key, text);
    assert.deepEqual(conditions(report), [
      "Accepted False Conflicted: Port 9000 is held by Gateway infra/older, which is older",
      "ResolvedRefs True ResolvedRefs: All that it refers to exists",
      "Programmed False Conflicted: Port 9000 is held by Gateway infra/older, which is older",
    ]);
    assert.deepEqual(report.servers, [
      {
        port: 9000,
        name: "tcp",
        reason: "Conflicted",
        message: "Port 9000 is held by Gateway infra/older, which is older",
        attachedRoutes: 0,
      },
    ]);
    assert.equal(reasons(reportOf("Gateway infra/older", text))[0], "Accepted True Accepted");
  });

  test("is accepted with the servers that are good, and says which are not", () => {
    const text = served({
      gateway: gateway({ more: '\n  - port: {number: 80, name: http, protocol: HTTP}\n    hosts: ["*"]' }),
    });
    const report = reportOf(key, text);
    assert.deepEqual(conditions(report), [
      "Accepted True ListenersNotValid: Port 80 is not served as its protocol is HTTP",
      "ResolvedRefs True ResolvedRefs: All that it refers to exists",
      "Programmed False UnsupportedProtocol: Port 80 is not served as its protocol is HTTP",
    ]);
    assert.deepEqual(report.listeners, { declared: 2, open: 1 });
  });

  test("says that a port stays closed while nothing routes it", () => {
    const report = reportOf(key, gateway());
    assert.deepEqual(reasons(report), [
      "Accepted True Accepted",
      "ResolvedRefs True ResolvedRefs",
      "Programmed False NoRoutes",
    ]);
    assert.match(conditions(report)[2] ?? "", /Port 9000 stays closed as no VirtualService routes it/);
  });

  test("says that a socket could not be bound", () => {
    const listeners = { 9000: { state: "failed" as const, error: "EACCES" } };
    const report = reportOf(key, served(), { listeners });
    assert.equal(conditions(report)[2], "Programmed False AddressNotUsable: Port 9000 is not open: EACCES");
    assert.deepEqual(report.listeners, { declared: 1, open: 0 });
    assert.equal(report.attachedRoutes, 1);
  });

  test("says whom claims leave its port to", () => {
    const workload = { ...ingress, claims: [{ ports: ["9000-9009"], gatewaysFrom: ["infra"] }] };
    const report = reportOf(key, served(), { workload });
    assert.deepEqual(reasons(report), [
      "Accepted False NotAllowed",
      "ResolvedRefs True ResolvedRefs",
      "Programmed False NotAllowed",
    ]);
    assert.match(conditions(report)[0] ?? "", /leave to infra/);
  });

  suite("with a server that ends TLS", () => {
    const terminating = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gateway, namespace: default}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 9000, name: tls, protocol: TLS}
    hosts: ["*"]
    tls: {mode: SIMPLE, credentialName: cert}`;
    const fault = "Secret cert cannot be used as there is no such Secret";
    const withFaults = (credentialFaults: StatusInput["credentialFaults"], text = served({ gateway: terminating })) => {
      const input = { credentialFaults };
      return { gateway: reportOf(key, text, input), route: reportOf("VirtualService default/echo", text, input) };
    };

    test("is all true where its certificate can be used", () => {
      const { gateway: report, route } = withFaults(() => []);
      assert.deepEqual(reasons(report).slice(1), ["ResolvedRefs True ResolvedRefs", "Programmed True Programmed"]);
      assert.equal(reasons(route)[2], "Programmed True Programmed");
    });

    test("says what is wrong with its certificate, and so do its routes", () => {
      const { gateway: report, route } = withFaults(({ certificates: [source] }) => {
        assert.deepEqual(source, { kind: "Secret", name: "cert" });
        return [{ message: fault, replaced: false }];
      });
      assert.deepEqual(conditions(report).slice(1), [
        `ResolvedRefs False InvalidCertificateRef: ${fault}`,
        `Programmed False InvalidCertificateRef: ${fault}`,
      ]);
      assert.deepEqual(report.listeners, { declared: 1, open: 0 });
      assert.equal(conditions(route)[2], `Programmed False InvalidCertificateRef: ${fault}`);
    });

    test("is served where the last good form of its certificate is in force", () => {
      const { gateway: report, route } = withFaults(() => [{ message: fault, replaced: true }]);
      assert.deepEqual(reasons(report).slice(1), [
        "ResolvedRefs False InvalidCertificateRef",
        "Programmed True Programmed",
      ]);
      assert.equal(reasons(route)[2], "Programmed True Programmed");
    });

    test("does not know of a certificate that nobody has looked for", () => {
      const { gateway: report } = withFaults(() => undefined);
      assert.deepEqual(reasons(report).slice(1), ["ResolvedRefs Unknown SecretsNotRead", "Programmed Unknown Pending"]);
    });
  });

  test("one that never could be read is told by everyone, but beside a real Istio", () => {
    const message = messageOf("IST0106", { resource: key }, "Schema validation error: spec.servers: is missing");
    const input = {
      ...inputOf(gateway({ name: "other" }), { messages: [message] }),
      declared: [
        {
          apiVersion: "networking.istio.io/v1",
          kind: "Gateway",
          namespace: "default",
          name: "gateway",
          generation: 1,
          newest: undefined,
          inForce: undefined,
        },
      ],
    };
    const report = reportsOf(input).get(key);
    assert.deepEqual(report && conditions(report), [
      "Accepted False Invalid: Schema validation error: spec.servers: is missing. Nothing of it is in force",
      "ResolvedRefs Unknown Invalid: What it refers to cannot be told, as it does not fit its schema",
      "Programmed False Invalid: Nothing of it is in force",
    ]);
    assert.equal(reportsOf({ ...input, separate: true }).get(key), undefined);
  });
});
