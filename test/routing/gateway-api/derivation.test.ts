import assert from "node:assert/strict";
import { test } from "node:test";
import { Derivation, withDerived } from "../../../routing/gateway-api/derivation.ts";
import { Objects } from "../../../routing/index.ts";
import { declared, documents, service } from "../support.ts";
import { gatewayClass, kubernetesGateway, referenceGrant, tcpListener, tcpRoute, tlsListener } from "./support.ts";

function derived(objects: Objects): unknown[] {
  return [...objects.all("Gateway"), ...objects.all("VirtualService")].map(({ metadata, spec }) => ({
    metadata,
    spec,
  }));
}

const grantedRoute = tcpRoute({ backends: "{name: echo, namespace: payments, port: 3333}" });
const stages: readonly string[] = [
  documents(kubernetesGateway(), tcpRoute(), service()),
  documents(kubernetesGateway({ listeners: [tcpListener, tlsListener()] }), tcpRoute(), service()),
  documents(kubernetesGateway(), grantedRoute),
  documents(kubernetesGateway(), grantedRoute, referenceGrant()),
  documents(kubernetesGateway(), grantedRoute, gatewayClass({ controller: "istio.io/gateway-controller" })),
  documents(grantedRoute, gatewayClass()),
  "",
];

test("one set after the other gives what each set gives by itself", () => {
  const derivation = new Derivation();
  for (const text of [...stages, ...stages.toReversed()]) {
    const objects = declared(text);
    const updated = derivation.update(objects);
    assert.deepEqual(derived(updated), derived(withDerived(objects)), text);
    assert.equal([...updated].length, [...withDerived(objects)].length);
  }
});

test("what is derived stays the very same as long as it says the same", () => {
  const derivation = new Derivation();
  const objects = declared(documents(kubernetesGateway(), grantedRoute, tcpRoute({ name: "other" }), service()));
  const before = derivation.update(objects);
  const [grant] = declared(referenceGrant()).all("ReferenceGrant");
  assert.ok(grant);
  const after = derivation.update(objects.with([{ before: undefined, after: grant }]));
  const [first, second] = [before, after].map((set) => new Set<unknown>(set.all("VirtualService")));
  assert.deepEqual(
    [...(second ?? [])].map((one) => first?.has(one)),
    [false, true],
  );
  assert.equal(before.all("Gateway")[0], after.all("Gateway")[0]);
  const unrelated = declared(service({ name: "unrelated" })).all("Service");
  assert.equal(
    derivation
      .update(
        objects.with([
          { before: undefined, after: grant },
          ...unrelated.map((one) => ({ before: undefined, after: one })),
        ]),
      )
      .all("VirtualService")[0],
    after.all("VirtualService")[0],
  );
});
