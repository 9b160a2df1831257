import { compile, resolveEndpoints, type AnyObject, type Workload } from "../../../routing/index.ts";
import {
  describeStatus,
  statusKinds,
  type DeclaredState,
  type ListenerState,
  type Report,
  type StatusInput,
} from "../../../routing/status/index.ts";
import { declared, documents, ingress, route } from "../support.ts";

export interface Situation {
  readonly workload?: Workload;
  /** What became of listeners, by declared port; open unless it says otherwise. */
  readonly listeners?: Readonly<Record<number, Pick<ListenerState, "state" | "error">>>;
  /** Newest forms that are not in force, by `Kind NAMESPACE/NAME`; undefined: it does not fit its schema. */
  readonly newest?: Readonly<Record<string, AnyObject | undefined>>;
  readonly messages?: StatusInput["messages"];
  readonly namespaces?: readonly string[];
  readonly separate?: boolean;
  /** Nothing is wrong unless it says otherwise. */
  readonly credentialFaults?: StatusInput["credentialFaults"];
}

/** All that status depends on, where the objects of a text are in force. */
export function inputOf(text: string, situation: Situation = {}): StatusInput {
  const { workload = ingress, listeners = {}, newest = {}, messages = [] } = situation;
  const objects = declared(text);
  const compiled = compile(objects, workload);
  return {
    declared: statesOf([...objects], statusKinds, newest),
    objects,
    workload,
    snapshot: { table: compiled.table, endpoints: resolveEndpoints(compiled.table, objects) },
    listeners: compiled.table.listeners.map((listener) => ({
      listener,
      ...(listeners[listener.port] ?? { state: "open" as const }),
    })),
    messages: [...messages, ...compiled.messages],
    namespaces: situation.namespaces ?? [],
    separate: situation.separate ?? false,
    credentialFaults: situation.credentialFaults ?? (() => []),
  };
}

export function statesOf(
  list: readonly AnyObject[],
  kinds: readonly string[],
  newest: Situation["newest"] = {},
): DeclaredState[] {
  return list
    .filter(({ kind }) => kinds.includes(kind))
    .map((object) => {
      const { apiVersion, kind, metadata } = object;
      const { namespace, name, generation } = metadata;
      const key = `${kind} ${namespace}/${name}`;
      const state = { apiVersion, kind, namespace, name, inForce: object };
      if (!(key in newest)) return { ...state, generation, newest: object };
      return { ...state, generation: (generation ?? 1) + 1, newest: newest[key] };
    });
}

/** By `Kind NAMESPACE/NAME`. */
export function reportsOf(input: StatusInput): Map<string, Report | undefined> {
  return new Map(
    [...describeStatus(input)].map(([{ kind, namespace, name }, report]) => [`${kind} ${namespace}/${name}`, report]),
  );
}

/** The report of one object of a text. */
export function reportOf(key: string, text: string, situation?: Situation): Report {
  const report = reportsOf(inputOf(text, situation)).get(key);
  if (report === undefined) throw new Error(`${key} has no report`);
  return report;
}

/** `Accepted True Accepted: text` */
export function conditions({ findings }: Report): string[] {
  return findings.map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`);
}

/** `Accepted True Accepted` */
export function reasons(report: Report): string[] {
  return report.findings.map(({ type, status, reason }) => `${type} ${status} ${reason}`);
}

/** Ready pods behind a Service, each by name, address and version. */
export function endpoints(pods: readonly (readonly [name: string, version: string])[], service = "echo"): string {
  const slice = `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: ${service}-1, namespace: default, labels: {kubernetes.io/service-name: ${service}}}
addressType: IPv4
ports: [{name: "", port: 3333}]
endpoints: ${JSON.stringify(
    pods.map(([name], index) => ({
      addresses: [`10.0.0.${index + 1}`],
      conditions: { ready: true },
      targetRef: { kind: "Pod", name, namespace: "default" },
    })),
  )}`;
  const objects = pods.map(
    ([name, version]) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: default, labels: {app: ${service}, version: ${version}}}`,
  );
  return documents(slice, ...objects);
}

/** A whole route with one ready pod of version v1. */
export function served(parts: Parameters<typeof route>[0] = {}): string {
  return documents(route(parts), endpoints([["echo-1", "v1"]]));
}

/** The only object of a text. */
export function declaredOne(text: string): AnyObject {
  const [object] = declared(text);
  if (object === undefined) throw new Error("The text declares nothing");
  return object;
}
