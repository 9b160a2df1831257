import assert from "node:assert/strict";
import { test } from "node:test";
import { analyze } from "../../../routing/index.ts";
import { declared, gateway, route, service, short, virtualService } from "../support.ts";

test("checks that lack the kinds they need are named once, and made where the input is complete", () => {
  const text = `${gateway()}\n---\n${virtualService()}`;
  assert.deepEqual(analyze(declared(text)).map(short), [
    "Info TCP0004  -: Not everything could be checked as the input holds no Service or ServiceEntry (the destinations of VirtualServices), no Pod or Deployment (the pods that Gateways select), no Pod or Deployment and no Service (the ports of gateways' Services). Add what is missing, or use --complete if the input is the whole cluster",
  ]);
  assert.deepEqual(analyze(declared(text), { complete: true }).map(short), [
    'Error IST0101 Gateway default/gateway test.yaml:5: Referenced selector not found: "istio=ingressgateway"',
    'Error IST0101 VirtualService default/echo test.yaml:19: Referenced host not found: "echo"',
  ]);
});

test("checks that look something up among what may not be read are skipped and named once", () => {
  const text = `${gateway()}\n---\n${virtualService({ gateways: "missing" })}`;
  const messages = analyze(declared(text), { complete: true, unread: ["Service", "Gateway", "Secret"] });
  assert.deepEqual(
    messages.map(({ level, code }) => `${level} ${code}`),
    ["Error IST0101", "Warning TCP0006", "Info TCP0004"],
  );
  assert.equal(
    messages.at(-1)?.message,
    "Not everything could be checked as not every object may be read of Service (the destinations of VirtualServices, the ports of gateways' Services), Gateway (the hosts of VirtualServices, the Gateways that VirtualServices list, rules that are for no server). Get the right to list them in all namespaces",
  );
});

test("nothing is skipped that has nothing to look at", () => {
  assert.deepEqual(analyze(declared(service({ ports: "{port: 1, name: tcp}" }))), []);
});

test("messages come the worst first", () => {
  const text = route({ virtualService: virtualService({ gateways: "missing" }) });
  const levels = analyze(declared(text)).map(({ level }) => level);
  assert.deepEqual(
    levels,
    [...levels].sort((a, b) => ["Error", "Warning", "Info"].indexOf(a) - ["Error", "Warning", "Info"].indexOf(b)),
  );
  assert.ok(new Set(levels).size === 3);
});
