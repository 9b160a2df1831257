import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Analyzer } from "../../routing/analyze/analyzer.ts";
import {
  compile,
  Objects,
  parseYaml,
  parseYamlList,
  type AnyObject,
  type Compiled,
  type Kind,
  type Message,
  type Workload,
} from "../../routing/index.ts";

/** The pods of the sample's ingress gateway. */
export const ingress: Workload = { namespace: "default", labels: { istio: "ingressgateway" } };

/** Objects of a text that must be faultless. */
export function declared(text: string): Objects {
  const { objects, messages } = parseYaml(text, { file: "test.yaml" });
  assert.deepEqual(
    messages.map(({ message }) => message),
    [],
  );
  return objects;
}

export function compiled(text: string, workload: Workload = ingress): Compiled {
  return compile(declared(text), workload);
}

/** What one analyzer says of a text. */
export function findings<K extends Kind>(analyzer: Analyzer<K>, text: string): string[] {
  return check(analyzer, declared(text)).map(short);
}

/** What one analyzer says of a set of objects. */
export function check<K extends Kind>(analyzer: Analyzer<K>, objects: Objects): Message[] {
  return objects.all(analyzer.kind).flatMap((object) => [...analyzer.check(object, objects)]);
}

/** `Error IST0101 Gateway name test.yaml:3: text` */
export function short({ level, code, resource, reference, message }: Message): string {
  return `${level} ${code} ${resource} ${reference ?? "-"}: ${message}`;
}

const scenarioFiles = ["service.yml", "gateway.yaml", "destination-rule-all.yaml", "virtualservice.yaml"];

/** A file of the scenario, as the public sample has it. */
export function scenarioFile(name: string): string {
  return readFileSync(new URL(`../scenario/${name}`, import.meta.url), "utf8");
}

/** All that the scenario declares, in the order of its files. */
export function scenario(): { list: AnyObject[]; objects: Objects; messages: Message[] } {
  const parsed = scenarioFiles.map((file) => parseYamlList(scenarioFile(file), { file }));
  const list = parsed.flatMap((part) => part.list);
  return { list, objects: Objects.of(list), messages: parsed.flatMap((part) => part.messages) };
}

/** A Gateway, a Service and a VirtualService between them, each to be replaced by what a test is about. */
export function route(
  parts: { gateway?: string; service?: string; virtualService?: string; more?: string } = {},
): string {
  return [
    parts.gateway ?? gateway(),
    parts.service ?? service(),
    parts.virtualService ?? virtualService(),
    ...(parts.more === undefined ? [] : [parts.more]),
  ].join("\n---\n");
}

export function gateway({
  name = "gateway",
  namespace = "default",
  port = 9000,
  hosts = '"*"',
  selector = "istio: ingressgateway",
  created,
  more = "",
}: {
  name?: string;
  namespace?: string;
  port?: number;
  hosts?: string;
  selector?: string;
  created?: string;
  more?: string;
} = {}): string {
  return `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: ${namespace}${created === undefined ? "" : `, creationTimestamp: "${created}"`}}
spec:
  selector: {${selector}}
  servers:
  - port: {number: ${port}, name: tcp, protocol: TCP}
    hosts: [${hosts}]
    ${more}`;
}

export function service({ name = "echo", namespace = "default", ports = "{port: 3333}" } = {}): string {
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {app: ${name}}
  ports: [${ports}]`;
}

export function virtualService({
  name = "echo",
  namespace = "default",
  hosts = '"*"',
  gateways = "gateway",
  tcp = "- route: [{destination: {host: echo}}]",
  created,
  more = "",
}: {
  name?: string;
  namespace?: string;
  hosts?: string;
  gateways?: string;
  tcp?: string;
  created?: string;
  more?: string;
} = {}): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: ${namespace}${created === undefined ? "" : `, creationTimestamp: "${created}"`}}
spec:
  hosts: [${hosts}]
  gateways: [${gateways}]
  ${more}
  tcp:
  ${tcp.replaceAll("\n", "\n  ")}`;
}

export function destinationRule({
  name = "echo",
  namespace = "default",
  host = "echo",
  subsets = "{name: v1, labels: {version: v1}}",
  more = "",
} = {}): string {
  return `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  host: ${host}
  subsets: [${subsets}]
  ${more}`;
}

/** A pod with a container, as an API server has it. */
export function pod({
  name = "pod",
  namespace = "default",
  labels = "istio: ingressgateway",
  container = "app",
} = {}): string {
  return `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {${labels}}}
spec: {containers: [{name: ${container}}]}`;
}

/** The Service in front of the gateway's pods. */
export function gatewayService({
  name = "ingress",
  type = "LoadBalancer",
  ports = "{port: 9000, targetPort: 9000}",
  more = "",
} = {}): string {
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: default}
spec:
  type: ${type}
  selector: {istio: ingressgateway}
  ports: [${ports}]
  ${more}`;
}

export function namespace(labels: string, name = "default"): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {${labels}}}`;
}

/** Documents one after the other. */
export function documents(...texts: readonly string[]): string {
  return texts.join("\n---\n");
}
