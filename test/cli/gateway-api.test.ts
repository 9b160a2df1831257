import assert from "node:assert/strict";
import { test } from "node:test";
import { tcpIngress } from "./support.ts";

const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: tcp
  listeners: [{name: db, port: 5432, protocol: TCP}]
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec:
  ports: [{name: tcp, port: 5432}]
---
`;

const route = (listener: string): string => `apiVersion: gateway.networking.k8s.io/v1
kind: TCPRoute
metadata: {name: db}
spec:
  parentRefs:
  - {name: public, sectionName: ${listener}}
  rules: [{backendRefs: [{name: db, port: 5432}]}]
`;

test("Gateway API YAML is read and checked", async () => {
  const good = await tcpIngress(["analyze", "--json", "-"], { stdin: `${gateway}${route("db")}` });
  assert.equal(good.status, 0);
  const codes = (JSON.parse(good.stdout) as { level: string; code: string }[]).map(
    ({ level, code }) => `${level} ${code}`,
  );
  assert.deepEqual(codes, ["Info TCP0004"]);

  const bad = await tcpIngress(["analyze", "--json", "-"], { stdin: `${gateway}${route("none")}` });
  assert.equal(bad.status, 1);
  assert.deepEqual((JSON.parse(bad.stdout) as unknown[])[0], {
    code: "TCP0031",
    level: "Error",
    name: "ListenerNotFound",
    resource: "TCPRoute db",
    message: "Gateway public has no listener named none. It has db on 5432",
    reference: "-:19",
    documentationUrl: "docs/messages.md#tcp0031",
  });
});
