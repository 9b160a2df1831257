import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Derivation } from "../../../routing/gateway-api/derivation.ts";
import {
  describeGatewayApi,
  mergeGatewayApiStatus,
  type CredentialFault,
  type GatewayApiReport,
} from "../../../routing/status/index.ts";
import { attached, classWorkload, kubernetesGateway, tlsRoute } from "../gateway-api/support.ts";
import { inputOf, statesOf } from "./support.ts";

const early = "2026-01-01T00:00:00Z";
const late = "2026-01-01T00:01:00Z";
const ours = "tcp-ingress.dev/gateway-controller";

const accepted = (status: "True" | "False") => ({ type: "Accepted", status, reason: "Accepted", message: "text" });

const route = (status: "True" | "False", ...names: string[]): GatewayApiReport => ({
  kind: "route",
  status: {
    parents: names.map((name) => ({ parentRef: { name }, controllerName: ours, conditions: [accepted(status)] })),
  },
});

interface RouteStatus {
  readonly parents: readonly {
    readonly controllerName: string;
    readonly parentRef: object;
    readonly conditions: readonly { readonly lastTransitionTime: string; readonly observedGeneration: number }[];
  }[];
}

suite("the status of Gateway API objects", () => {
  test("a route's parents of other controllers stay as they are, and ours come and go", () => {
    const foreign = { parentRef: { name: "theirs" }, controllerName: "example.com/other", conditions: [] };
    const stored = mergeGatewayApiStatus({ parents: [foreign] }, route("True", "a", "b"), 3, early) as RouteStatus;
    assert.deepEqual(stored.parents[0], foreign);
    assert.deepEqual(
      stored.parents.slice(1).map(({ parentRef, conditions }) => [parentRef, conditions]),
      ["a", "b"].map((name) => [{ name }, [{ ...accepted("True"), observedGeneration: 3, lastTransitionTime: early }]]),
    );
    assert.equal(mergeGatewayApiStatus(stored, route("True", "a", "b"), 3, late), stored);
    const turned = mergeGatewayApiStatus(stored, route("False", "b"), 4, late) as RouteStatus;
    assert.deepEqual(
      turned.parents.map(({ parentRef, conditions }) => [parentRef, conditions[0]?.lastTransitionTime]),
      [
        [{ name: "theirs" }, undefined],
        [{ name: "b" }, late],
      ],
    );
    assert.deepEqual(mergeGatewayApiStatus(turned, route("True"), 5, late), { parents: [foreign] });
  });

  test("nothing is written about what is another controller's", () => {
    const stored = { parents: [] };
    assert.equal(mergeGatewayApiStatus(stored, undefined, 1, early), stored);
    assert.equal(mergeGatewayApiStatus(stored, route("True"), 1, early), stored);
    assert.equal(mergeGatewayApiStatus(undefined, route("True"), 1, early), undefined);
  });

  test("a listener says what is wrong with its certificate, and whether it is served all the same", () => {
    const listener = "{name: tls, port: 8443, protocol: TLS, tls: {mode: Terminate, certificateRefs: [{name: cert}]}}";
    const text = attached({ gateway: kubernetesGateway({ listeners: [listener] }), more: tlsRoute() });
    const conditionsWith = (faults: readonly CredentialFault[] | undefined): string[] => {
      const input = inputOf(text, {
        workload: classWorkload,
        credentialFaults: ({ certificates: [source] }) => {
          assert.deepEqual(source, { kind: "Secret", name: "default/cert" });
          return faults;
        },
      });
      const objects = new Derivation().update(input.objects);
      const declared = statesOf([...input.objects], ["KubernetesGateway"]);
      const [described] = describeGatewayApi({ ...input, objects, declared });
      const report = described?.[1];
      assert.ok(report?.kind === "gateway", "expected a report");
      return (report.status.listeners[0]?.conditions ?? [])
        .slice(1, 3)
        .map(({ type, status, reason }) => `${type} ${status} ${reason}`);
    };
    const fault = { message: "Secret default/cert cannot be used", replaced: false };
    assert.deepEqual(conditionsWith([]), ["Programmed True Programmed", "ResolvedRefs True ResolvedRefs"]);
    assert.deepEqual(conditionsWith([fault]), ["Programmed False Invalid", "ResolvedRefs False InvalidCertificateRef"]);
    assert.deepEqual(conditionsWith([{ ...fault, replaced: true }]), [
      "Programmed True Programmed",
      "ResolvedRefs False InvalidCertificateRef",
    ]);
    assert.deepEqual(conditionsWith(undefined), ["Programmed False Pending", "ResolvedRefs True ResolvedRefs"]);
  });

  test("a Gateway's listeners keep their times by name, and its addresses stay where none are known", () => {
    const report = (attachedRoutes: number, ...names: string[]): GatewayApiReport => ({
      kind: "gateway",
      status: {
        conditions: [accepted("True")],
        listeners: names.map((name) => ({
          name,
          supportedKinds: [],
          attachedRoutes,
          conditions: [accepted("True")],
        })),
      },
    });
    const stored = mergeGatewayApiStatus({ addresses: [{ value: "192.0.2.1" }] }, report(0, "a", "b"), 1, early);
    const next = mergeGatewayApiStatus(stored, report(1, "b", "c"), 2, late) as {
      readonly addresses: unknown;
      readonly listeners: readonly {
        readonly name: string;
        readonly attachedRoutes: number;
        readonly conditions: readonly { lastTransitionTime: string }[];
      }[];
    };
    assert.deepEqual(next.addresses, [{ value: "192.0.2.1" }]);
    assert.deepEqual(
      next.listeners.map(({ name, attachedRoutes, conditions }) => [
        name,
        attachedRoutes,
        conditions[0]?.lastTransitionTime,
      ]),
      [
        ["b", 1, early],
        ["c", 1, late],
      ],
    );
  });
});
