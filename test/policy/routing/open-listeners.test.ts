import assert from "node:assert/strict";
import { test } from "node:test";
import { openListeners } from "../../../policy/routing/open-listeners.ts";
import { judge, messages, unknown } from "../support/judge.ts";
import { gateway, loadBalancer, split, stackWith, virtualService } from "./stack.ts";

const rule = split({ v1: 1 });

test("plain TCP for everybody is a violation", async () => {
  assert.deepEqual(await judge(openListeners, stackWith()), [
    {
      message:
        "Gateway default/echo-gateway: spec.servers[0] is open to every source at port 31400, without TLS; give it TLS, match sourceSubnet in tcp[0] of VirtualService default/echo, set spec.loadBalancerSourceRanges of Service default/ingressgateway, or allow port 31400 in `except`",
      level: "advisory",
      severity: "high",
      resource: "echo-gateway",
    },
  ]);
});

test("source ranges of the load balancer close it, unless they hold everybody", async () => {
  const ranges = (...loadBalancerSourceRanges: string[]) => stackWith(loadBalancer({ loadBalancerSourceRanges }));
  assert.deepEqual(await judge(openListeners, ranges("10.0.0.0/8")), []);
  assert.equal((await judge(openListeners, ranges("0.0.0.0/1", "128.0.0.0/1"))).length, 1);
});

test("subnets in every route close it", async () => {
  const closed = virtualService({ match: [{ sourceSubnet: "10.0.0.0/8" }], ...rule });
  assert.deepEqual(await judge(openListeners, stackWith(closed)), []);
  const open = virtualService({ match: [{ sourceSubnet: "10.0.0.0/8" }, { port: 31400 }], ...rule });
  assert.match(
    (await messages(openListeners, stackWith(open))).join(),
    /match sourceSubnet in tcp\[0\]\.match\[1\] of/,
  );
});

test("TLS closes it, ended here or passed through", async () => {
  const port = { number: 31400, name: "tls", protocol: "TLS" };
  const passed = gateway({ port, tls: { mode: "PASSTHROUGH" } });
  const tls = [{ match: [{ sniHosts: ["*"] }], ...rule }];
  const { props, ...route } = virtualService();
  const routed = { ...route, props: { ...props, spec: { hosts: ["*"], gateways: ["echo-gateway"], tls } } };
  assert.deepEqual(await judge(openListeners, stackWith(passed, routed)), []);
  const ended = gateway({ port, tls: { mode: "SIMPLE", credentialName: "cert" } });
  assert.deepEqual(await judge(openListeners, stackWith(ended)), []);
});

test("a gateway that only the cluster reaches is open to nobody else; through node ports it is", async () => {
  assert.deepEqual(await judge(openListeners, stackWith(loadBalancer({ type: "ClusterIP" }))), []);
  const nodePort = loadBalancer({ type: "NodePort", loadBalancerSourceRanges: ["10.0.0.0/8"] });
  assert.equal((await judge(openListeners, stackWith(nodePort))).length, 1);
});

test("a gateway of others is taken to be open", async () => {
  const routes = stackWith().filter(({ name }) => name !== "ingressgateway");
  assert.match((await messages(openListeners, routes)).join(), /match sourceSubnet in tcp\[0\] of [^,]+, or allow/);
});

test("ports may be excepted", async () => {
  assert.deepEqual(await judge(openListeners, stackWith(), { except: [31400] }), []);
});

test("unknown source ranges leave it undecided", async () => {
  const ranges = loadBalancer({ loadBalancerSourceRanges: [unknown] });
  assert.deepEqual(await messages(openListeners, stackWith(ranges)), [
    "Gateway default/echo-gateway is not judged yet, as a preview can't know spec.loadBalancerSourceRanges[0] of Service default/ingressgateway; it is judged at the end of the update",
  ]);
});
