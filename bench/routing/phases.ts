/** What is measured, each in a process of its own. */
import { stringify } from "yaml";
import { Analysis } from "../../routing/analyze/analysis.ts";
import { Compiler } from "../../routing/compile/compiler.ts";
import { EndpointLists } from "../../routing/compile/endpoint-lists.ts";
import {
  analyze,
  compile,
  Objects,
  parseObject,
  parseYaml,
  resolveEndpoints,
  type AnyObject,
  type Workload,
} from "../../routing/index.ts";
import { generate, type Manifest, type Size } from "./generate.ts";
import { distribution, peakMemory, timed, type Distribution, type Duration } from "./measure.ts";

/** Serves every Gateway. */
const workload: Workload = { namespace: "default", labels: {}, every: true };

export interface YamlFigures {
  readonly megabytes: number;
  readonly parse: Duration;
  readonly peakMemory: number;
}

export interface ObjectsFigures {
  readonly objects: number;
  readonly parse: Duration;
  readonly analyze: Duration;
  readonly compile: Duration;
  /** Joining clusters with their endpoints. */
  readonly endpoints: Duration;
  readonly total: Duration;
  readonly peakMemory: number;
}

export interface ChangeFigures {
  /** Analysis, compilation and joining of the whole set, with note taken of what each part has read. */
  readonly first: Duration;
  /** By kind: one object is parsed, messages, route table and endpoints are brought up to date. */
  readonly changes: Readonly<Record<string, Distribution>>;
  readonly peakMemory: number;
}

export const phases = {
  /** All but pods as one YAML text, as files are: pods and their endpoints' slices are no declarations. */
  yaml(size: Size): YamlFigures {
    const declared = generate(size).filter(({ kind }) => kind !== "Pod");
    const text = declared.map((manifest) => stringify(manifest)).join("---\n");
    const { result, duration } = timed(() => parseYaml(text, { file: "bench.yaml" }));
    expectAll([...result.objects].length, declared.length);
    return { megabytes: text.length / 1e6, parse: duration, peakMemory: peakMemory() };
  },

  /** All of it as JSON from an API server. */
  objects(size: Size): ObjectsFigures {
    const manifests = generate(size);
    const parsed = timed(() => Objects.of(manifests.map(parse)));
    const objects = parsed.result;
    const analyzed = timed(() => analyze(objects));
    const compiled = timed(() => compile(objects, workload));
    const { table } = compiled.result;
    const joined = timed(() => resolveEndpoints(table, objects));
    expectAll(table.listeners.length, size.virtualServices);
    const parts = [parsed.duration, analyzed.duration, compiled.duration, joined.duration];
    return {
      objects: manifests.length,
      parse: parsed.duration,
      analyze: analyzed.duration,
      compile: compiled.duration,
      endpoints: joined.duration,
      total: { wall: sum(parts.map(({ wall }) => wall)), cpu: sum(parts.map(({ cpu }) => cpu)) },
      peakMemory: peakMemory(),
    };
  },

  /** One object after the other is another. */
  changes(size: Size, count: number): ChangeFigures {
    const manifests = generate(size);
    let objects = Objects.of(manifests.map(parse));
    const analysis = new Analysis();
    const compiler = new Compiler(workload);
    const lists = new EndpointLists();
    const update = () => {
      analysis.update(objects);
      lists.update(compiler.update(objects).table, objects);
    };
    const first = timed(update).duration;
    const byKind = Map.groupBy(manifests, ({ kind }) => kind);
    const changes = Object.entries(edits).map(([kind, edit]) => {
      const some = byKind.get(kind) ?? [];
      const durations = Array.from({ length: count }, (_, index) => {
        const raw = structuredClone(some[(index * 7919) % some.length] as Manifest);
        edit(raw as never, index);
        return timed(() => {
          objects = objects.with([{ before: undefined, after: parse(raw) }]);
          update();
        }).duration;
      });
      return [kind, distribution(durations)] as const;
    });
    return { first, changes: Object.fromEntries(changes), peakMemory: peakMemory() };
  },
};

/** A change of each kind that means something. */
const edits: Readonly<Record<string, (manifest: never, index: number) => void>> = {
  VirtualService({ spec }: { spec: { tcp: [{ route: [{ weight: number }] }] } }, index) {
    spec.tcp[0].route[0].weight = 1 + index;
  },
  Service({ spec }: { spec: { ports: [{ targetPort: number }] } }, index) {
    spec.ports[0].targetPort = 6000 + index;
  },
  EndpointSlice({ endpoints }: { endpoints: [{ conditions: { ready: boolean } }] }) {
    endpoints[0].conditions.ready = false;
  },
  Gateway({ spec }: { spec: { servers: [{ hosts: string[] }] } }, index) {
    spec.servers[0].hosts = [`*.host-${index}.example.com`];
  },
  DestinationRule(
    { spec }: { spec: { trafficPolicy: { connectionPool: { tcp: { maxConnections: number } } } } },
    index,
  ) {
    spec.trafficPolicy.connectionPool.tcp.maxConnections = 1 + index;
  },
  Pod({ metadata }: { metadata: { labels: Record<string, string> } }, index) {
    metadata.labels["version"] = index % 2 === 0 ? "v2" : "v1";
  },
};

function parse(manifest: Manifest): AnyObject {
  const { object, messages } = parseObject(manifest);
  if (object === undefined) throw new Error(messages.map(({ message }) => message).join());
  return object;
}

function expectAll(found: number, expected: number): void {
  if (found !== expected) throw new Error(`Cannot trust the figures as ${found} of ${expected} came through`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
