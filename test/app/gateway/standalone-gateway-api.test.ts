import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Backend } from "../support/backend.ts";
import { Client } from "../support/client.ts";
import { freePort } from "../support/ports.ts";
import { start } from "../support/program.ts";

const backendService = (name: string, port: number): string => `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  ports: [{port: 5432}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: ${name}-1, labels: {kubernetes.io/service-name: ${name}}}
addressType: IPv4
ports: [{name: "", port: ${port}}]
endpoints: [{addresses: [127.0.0.1]}]
`;

const route = (name: string, listener: string, backends: string): string => `apiVersion: gateway.networking.k8s.io/v1
kind: TCPRoute
metadata: {name: ${name}}
spec:
  parentRefs: [{name: public, sectionName: ${listener}}]
  rules: [{backendRefs: [${backends}]}]
`;

test("a Gateway and TCPRoutes of the Gateway API are served, in their weights; a class that is not in the config is told", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tcp-ingress-"));
  try {
    await using a = await Backend.named("a");
    await using b = await Backend.named("b");
    const [split, closed] = [await freePort(), await freePort()];
    const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: tcp
  listeners:
  - {name: split, port: ${split}, protocol: TCP}
  - {name: closed, port: ${closed}, protocol: TCP}
`;
    const config = join(folder, "routes.yaml");
    await writeFile(
      config,
      [
        gateway,
        route("split", "split", "{name: a, port: 5432, weight: 3}, {name: b, port: 5432}"),
        route("closed", "closed", "{name: a, port: 5432, weight: 0}"),
        backendService("a", a.port),
        backendService("b", b.port),
      ].join("---\n"),
    );
    await using program = start("cli/main.ts", ["gateway", "--config", config], { LOG_LEVEL: "info" });
    const { listeners } = JSON.parse(await program.line(/^\{"listeners"/)) as {
      listeners: { port: number; gateways: string[] }[];
    };
    assert.deepEqual(
      listeners.map(({ port, gateways }) => [port, gateways]).sort(),
      [
        [split, ["default/public"]],
        [closed, ["default/public"]],
      ].sort(),
    );
    const answers: string[] = [];
    for (let index = 0; index < 4; index++) {
      using client = await Client.open(split);
      answers.push(await client.text("\n"));
      client.end();
      await client.untilEnd();
    }
    assert.deepEqual(answers.sort(), ["a\n", "a\n", "a\n", "b\n"]);

    using refused = await Client.open(closed);
    assert.equal(await refused.closed, "RST");
    const line = JSON.parse(await program.line(/refused\|/)) as Record<string, unknown>;
    assert.equal(line["virtual_service"], "default/closed");
    assert.equal(line["rule"], "rules[0]");
    assert.equal(line["response_flags"], "UH");
    assert.ok(program.stderr.some((text) => text.includes("no GatewayClass (the GatewayClasses of Gateways)")));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a route that is not allowed to its backend is no configuration to start with", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tcp-ingress-"));
  try {
    const config = join(folder, "routes.yaml");
    const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: tcp
  listeners: [{name: split, port: 5432, protocol: TCP}]
`;
    await writeFile(
      config,
      [gateway, route("split", "split", "{name: a, namespace: other, port: 5432}")].join("---\n"),
    );
    await using program = start("cli/main.ts", ["gateway", "--config", config]);
    assert.deepEqual(await program.exit, { code: 1, signal: null });
    assert.match(
      program.stderr.join("\n"),
      /^Cannot serve .*\[TCP0034\] .*:13 TCPRoute split: Service other\/a may not be used/,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
