/** The set of declared objects with all that is derived from them. */
import { Graph } from "../incremental/graph.ts";
import { share } from "../incremental/share.ts";
import { Units } from "../incremental/units.ts";
import type { View } from "../incremental/view.ts";
import {
  Objects,
  type AnyObject,
  type Gateway,
  type Kind,
  type ObjectChange,
  type VirtualService,
} from "../objects.ts";
import { deriveGateways, deriveVirtualService } from "./translate.ts";

type Derived = Gateway | VirtualService;

/** The kinds that something is derived from. */
export const sourceKinds = ["KubernetesGateway", "TCPRoute", "TLSRoute"] as const satisfies readonly Kind[];

function derive(object: AnyObject, view: View): readonly Derived[] {
  switch (object.kind) {
    case "KubernetesGateway":
      return deriveGateways(object, view);
    case "TCPRoute":
    case "TLSRoute": {
      const derived = deriveVirtualService(object, view);
      return derived === undefined ? [] : [derived];
    }
    default:
      return [];
  }
}

/** A set with all that is derived from it; the set itself where that is nothing. */
export function withDerived(objects: Objects): Objects {
  return objects.with(
    sourceKinds.flatMap((kind) => objects.all(kind).flatMap((object) => added(derive(object, objects)))),
  );
}

/** As {@link withDerived}, for one set after the other: what is derived is worked out again only where something has changed that it came from. */
export class Derivation {
  readonly #graph = new Graph(Objects.empty);
  readonly #units = new Units<AnyObject, readonly Derived[]>(this.#graph, derive, reuse);
  #objects = Objects.empty;
  /** How many objects are derived. */
  #derived = 0;

  update(declared: Objects): Objects {
    const changes = this.#graph.update(declared);
    for (const { before, after } of changes) {
      if (after !== undefined && isSource(after)) this.#units.put(keyOf(after), after);
      else if (before !== undefined && isSource(before)) this.#units.delete(keyOf(before));
    }
    const outcomes = [...this.#units.refresh().values()];
    const before = this.#derived;
    for (const { before: gone = [], after = [] } of outcomes) this.#derived += after.length - gone.length;
    // Most clusters have no Gateway API: a set that nothing is derived from stands for itself.
    if (before + this.#derived === 0) return (this.#objects = declared);
    this.#objects = this.#objects.with([
      ...changes,
      ...outcomes.flatMap(({ before: gone = [] }) => gone.map((object) => ({ before: object, after: undefined }))),
      ...outcomes.flatMap(({ after = [] }) => added(after)),
    ]);
    return this.#objects;
  }
}

function isSource({ kind }: AnyObject): boolean {
  return (sourceKinds as readonly Kind[]).includes(kind);
}

function keyOf({ kind, metadata }: AnyObject): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}

function added(derived: readonly Derived[]): ObjectChange[] {
  return derived.map((after) => ({ before: undefined, after }));
}

/** What is derived from the very same declaration and says the same is the same. */
function reuse(previous: readonly Derived[] | undefined, next: readonly Derived[]): readonly Derived[] {
  const parts = next.map((object) => {
    const before = previous?.find(({ metadata }) => metadata.name === object.metadata.name);
    const same = before?.origin.source === object.origin.source && share(before?.spec, object.spec) === before?.spec;
    return before !== undefined && same ? before : object;
  });
  return previous?.length === parts.length && parts.every((part, at) => part === previous[at]) ? previous : parts;
}
