/**
 * What the analysis of 500 routes costs by itself, without an engine: reading the state that the engine hands over, the verdict on 1,010 objects and the comparison with
 * the last deployment, of which every tenth route changes. In seconds of processor time, which other load on the machine blurs less.
 *
 *     node bench/preview/verdict.ts
 */
import process from "node:process";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import * as pulumi from "@pulumi/pulumi";
import { StackAnalysis } from "../../components/analysis/stack-analysis.ts";
import { stateObjects } from "../../components/analysis/state.ts";

await pulumi.runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) });

class Component extends pulumi.ComponentResource {
  constructor() {
    super("bench:index:Component", "routes");
    this.registerOutputs();
  }
}

function manifest(kind: string, name: string, spec: object): Record<string, unknown> {
  return { apiVersion: "networking.istio.io/v1", kind, metadata: { name, namespace: "default" }, spec };
}

/** A Gateway of 50 ports, and for each a DestinationRule and a VirtualService. */
function* routes(gateway: number, weightOf: (port: number) => number): Generator<Record<string, unknown>> {
  const ports = Array.from({ length: 50 }, (_, index) => 30_000 + gateway * 50 + index);
  const name = `gateway-${gateway}`;
  const servers = ports.map((number) => ({ port: { number, name: `tcp-${number}`, protocol: "TCP" }, hosts: ["*"] }));
  yield manifest("Gateway", name, { selector: { istio: "ingressgateway" }, servers });
  for (const port of ports) {
    const host = `service-${port}.default.svc.cluster.local`;
    const subsets = ["v1", "v2"].map((version) => ({ name: version, labels: { version } }));
    yield manifest("DestinationRule", `service-${port}`, { host, subsets });
    const to = (subset: string, weight: number) => ({ destination: { host, subset, port: { number: 3333 } }, weight });
    const route = [to("v1", weightOf(port)), to("v2", 5)];
    const tcp = [{ match: [{ port, gateways: [name] }], route }];
    yield manifest("VirtualService", `service-${port}`, { hosts: ["*"], gateways: [name], tcp });
  }
}

const gateways = Array.from({ length: 10 }, (_, index) => index);
const previous = gateways.flatMap((gateway) => [...routes(gateway, (port) => (port % 10 === 0 ? 90 : 95))]);
const declared = gateways.flatMap((gateway) => [...routes(gateway, () => 95)]);
const urnOf = ({ kind }: Record<string, unknown>, index: number) =>
  `urn:pulumi:s::p::tcp-ingress:index:${String(kind)}$kubernetes:networking.istio.io/v1:${String(kind)}::${index}`;
// As the plugin keeps them: the inputs twice.
const bytes = structs.Struct.fromJavaScript({
  outputs: Object.fromEntries(
    previous.map((one, index) => [urnOf(one, index), { outputs: { ...one, __inputs: one } }]),
  ),
} as Parameters<typeof structs.Struct.fromJavaScript>[0]).serializeBinary();

function seconds({ user, system }: NodeJS.CpuUsage): string {
  return ((user + system) / 1e6).toFixed(2);
}

const started = process.cpuUsage();
const state = stateObjects(structs.Struct.deserializeBinary(bytes));
const read = process.cpuUsage(started);

const said: string[] = [];
const say = (text: string) => said.push(text);
const analysis = new StackAnalysis({
  end: () => Promise.resolve(),
  log: { error: say, warn: say, info: say },
  state: () => Promise.resolve(state),
});
const resource = new Component();
const judging = process.cpuUsage();
for (const one of declared) {
  const { kind, metadata } = one as { kind: string; metadata: { namespace: string; name: string } };
  analysis.declare({ resource, identity: { kind, ...metadata }, manifest: pulumi.output(one) });
}
await analysis.verdict();
const judged = process.cpuUsage(judging);
const changes = said.find((text) => text.startsWith("Routes:"))?.split("\n").length ?? 0;
console.log(
  `${declared.length} objects, ${changes - 1} changes: state ${seconds(read)} s, verdict and comparison ${seconds(judged)} s`,
);
