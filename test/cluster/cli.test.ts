import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { tcpIngress } from "../cli/support.ts";
import { buildConfig } from "./support/config.ts";
import { eventually } from "./support/eventually.ts";
import { Stack } from "./support/stack.ts";

interface JsonMessage {
  readonly level: string;
  readonly code: string;
  readonly resource: string;
}

interface Status {
  readonly ingressGateways: readonly {
    readonly name: string;
    readonly pods: readonly { readonly ready: boolean; readonly gateway?: { readonly open: readonly number[] } }[];
    readonly listeners: readonly {
      readonly port: number;
      readonly routes: readonly {
        readonly destinations: readonly { readonly subset: string; readonly endpoints: number }[];
      }[];
    }[];
  }[];
}

const broken = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: tcp-echo, namespace: default}
spec: {hosts: ["*"], gateways: [tcp-echo-gateway], tcp: [{route: [{destination: {host: nowhere}}]}]}
`;

suite("the command line on a live cluster", () => {
  let stack: Stack;

  before(async () => {
    stack = await Stack.create("cli", { config: { ...buildConfig(), ingress: { replicas: 1 } } });
    const up = await stack.up();
    assert.equal(up.code, 0, up.text);
  });

  after(async () => {
    await stack[Symbol.asyncDispose]();
  });

  test("analyze --cluster finds no error in the scenario, and skips nothing", async () => {
    const { status, stdout, stderr } = await tcpIngress(["analyze", "--cluster", "-A", "--json"]);
    assert.equal(status, 0, stdout + stderr);
    assert.deepEqual(
      (JSON.parse(stdout) as JsonMessage[]).filter(({ level, code }) => level === "Error" || code === "TCP0004"),
      [],
    );
  });

  test("a file is analyzed as if it were applied", async () => {
    const { status, stdout } = await tcpIngress(["analyze", "--cluster", "--json", "-"], { stdin: broken });
    assert.equal(status, 1);
    assert.ok(
      (JSON.parse(stdout) as JsonMessage[]).some(
        ({ code, resource }) => code === "IST0101" && resource === "VirtualService default/tcp-echo",
      ),
      stdout,
    );
    const scenario = join(import.meta.dirname, "..", "scenario");
    assert.equal((await tcpIngress(["analyze", "--cluster", scenario])).status, 0);
  });

  test("status tells what the pod serves, by the API server's proxy, and where each port leads", async () => {
    const gateway = await eventually("the gateway's listeners to be open", async () => {
      const { status, stdout, stderr } = await tcpIngress(["status", "-o", "json"]);
      assert.equal(status, 0, stderr);
      const [first] = (JSON.parse(stdout) as Status).ingressGateways;
      return first?.pods[0]?.gateway?.open.length === 2 ? first : undefined;
    });
    assert.equal(gateway.name, "ingressgateway");
    assert.equal(gateway.pods[0]?.ready, true);
    assert.deepEqual(
      gateway.listeners.map(({ port, routes }) => [
        port,
        routes.flatMap(({ destinations }) => destinations.map(({ subset, endpoints }) => `${subset} ${endpoints}`)),
      ]),
      [
        [31400, ["v1 1"]],
        [31401, ["v2 1"]],
      ],
    );
    const { stdout } = await tcpIngress(["status"]);
    assert.match(stdout, /^default\/ingressgateway {2}1\/1 ready {2}\S+\n/);
    assert.match(stdout, /\n31401 +default\/tcp-echo-gateway-v2 .* v2 +100% +1\n/);
  });
});
