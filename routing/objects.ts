/** The declared objects that routing reads, and the immutable set that all checks and the compiler take. */
import type * as z from "zod";
import { KindSet, objectKey } from "./incremental/kind-set.ts";
import type { Index, Query, View } from "./incremental/view.ts";
import type { destinationRuleSpec } from "./schema/destination-rule.ts";
import type { referenceGrantSpec, tcpRouteSpec, tlsRouteSpec } from "./schema/gateway-api.ts";
import type { gatewayClassSpec, kubernetesGatewaySpec } from "./schema/gateway-api-gateway.ts";
import type { gatewaySpec } from "./schema/gateway.ts";
import type { deploymentSpec, endpointSliceFields, podSpec, serviceSpec } from "./schema/kubernetes.ts";
import type { peerAuthenticationSpec } from "./schema/peer-authentication.ts";
import type { serviceEntrySpec, workloadEntrySpec } from "./schema/service-entry.ts";
import type { virtualServiceSpec } from "./schema/virtual-service.ts";

/** Where in an object: `["spec", "servers", 0, "port"]`. */
export type FieldPath = readonly (string | number)[];

/** Where a declaration was found. */
export interface Origin {
  /** The declaration names no namespace: it is in the default one, and messages name it without. */
  readonly namespaceImplied: boolean;
  /** The place of a field as messages show it, such as `file:line`; the nearest that is there; undefined where nobody knows. */
  reference(path: FieldPath): string | undefined;
  /** The declared object that this one was derived from, and that messages are about; undefined: it was declared itself. */
  readonly source?: DeclaredObject;
}

export interface ObjectMetadata {
  readonly name: string;
  /** Empty for what is in no namespace. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339. A declaration that the API server has not seen has none, and counts as newest. */
  readonly creationTimestamp: string | undefined;
  readonly generation: number | undefined;
}

/** What all kinds have. */
export interface DeclaredObject<Kind extends string = string> {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly metadata: ObjectMetadata;
  readonly origin: Origin;
}

type WithSpec<Kind extends string, Spec> = DeclaredObject<Kind> & { readonly spec: Spec };

/** As deep as it goes. */
export type Immutable<T> = T extends (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

type Spec<Schema extends z.ZodType> = Immutable<z.output<Schema>>;

export type GatewaySpec = Spec<typeof gatewaySpec>;
export type VirtualServiceSpec = Spec<typeof virtualServiceSpec>;
export type DestinationRuleSpec = Spec<typeof destinationRuleSpec>;
export type ServiceEntrySpec = Spec<typeof serviceEntrySpec>;
export type WorkloadEntrySpec = Spec<typeof workloadEntrySpec>;

export type Gateway = WithSpec<"Gateway", GatewaySpec>;
export type VirtualService = WithSpec<"VirtualService", VirtualServiceSpec>;
export type DestinationRule = WithSpec<"DestinationRule", DestinationRuleSpec>;
export type ServiceEntry = WithSpec<"ServiceEntry", ServiceEntrySpec>;
export type WorkloadEntry = WithSpec<"WorkloadEntry", WorkloadEntrySpec>;
/** Of a real Istio beside us: read, never served. */
export type PeerAuthentication = WithSpec<"PeerAuthentication", Spec<typeof peerAuthenticationSpec>>;
/** The Gateway API's Gateway, by the name that Istio tells it apart with; messages call it `Gateway`, as it is declared. */
export type KubernetesGateway = WithSpec<"KubernetesGateway", Spec<typeof kubernetesGatewaySpec>>;
export type GatewayClass = WithSpec<"GatewayClass", Spec<typeof gatewayClassSpec>>;
export type TCPRoute = WithSpec<"TCPRoute", Spec<typeof tcpRouteSpec>>;
export type TLSRoute = WithSpec<"TLSRoute", Spec<typeof tlsRouteSpec>>;
export type ReferenceGrant = WithSpec<"ReferenceGrant", Spec<typeof referenceGrantSpec>>;
export type Namespace = DeclaredObject<"Namespace">;
export type Service = WithSpec<"Service", Spec<typeof serviceSpec>>;
export type EndpointSlice = DeclaredObject<"EndpointSlice"> & Spec<typeof endpointSliceFields>;
export type Pod = WithSpec<"Pod", Spec<typeof podSpec>>;
export type Deployment = WithSpec<"Deployment", Spec<typeof deploymentSpec>>;
/** Only that it exists: its data is never kept. */
export type Secret = DeclaredObject<"Secret">;

interface ObjectsByKind {
  Gateway: Gateway;
  VirtualService: VirtualService;
  DestinationRule: DestinationRule;
  ServiceEntry: ServiceEntry;
  WorkloadEntry: WorkloadEntry;
  PeerAuthentication: PeerAuthentication;
  KubernetesGateway: KubernetesGateway;
  GatewayClass: GatewayClass;
  TCPRoute: TCPRoute;
  TLSRoute: TLSRoute;
  ReferenceGrant: ReferenceGrant;
  Namespace: Namespace;
  Service: Service;
  EndpointSlice: EndpointSlice;
  Pod: Pod;
  Deployment: Deployment;
  Secret: Secret;
}

export type Kind = keyof ObjectsByKind;
export type AnyObject = ObjectsByKind[Kind];

/** The object of one kind. */
export type ObjectOf<K extends Kind> = ObjectsByKind[K];

/** What is different between two sets under one kind, namespace and name. */
export interface ObjectChange {
  /** undefined: it was not there. */
  readonly before: AnyObject | undefined;
  /** undefined: it is gone. */
  readonly after: AnyObject | undefined;
}

/**
 * An immutable set of objects. Every list is ordered by age (creationTimestamp, then namespace and name; without a timestamp newest),
 * so that whoever walks one sees the older first, whatever the order in which they came.
 *
 * A set that is made of another by {@link with} shares what has not changed, look-ups included: it costs about what the change costs.
 */
export class Objects implements View {
  static readonly empty: Objects = new Objects(new Map());

  readonly #byKind: ReadonlyMap<Kind, KindSet>;
  /** A set never changes, so that its answers hold as long as it is there. */
  readonly #answers = new WeakMap<Query<unknown>, Map<string, unknown>>();

  private constructor(byKind: ReadonlyMap<Kind, KindSet>) {
    this.#byKind = byKind;
  }

  /** Of two of the same kind, namespace and name the later in the list counts, as if they had been applied one after the other. */
  static of(list: Iterable<AnyObject>): Objects {
    return Objects.empty.with([...list].map((after) => ({ before: undefined, after })));
  }

  /** The set with changes made, in their order: what was there before goes, what is there after comes, whatever had its name. */
  with(changes: Iterable<ObjectChange>): Objects {
    const byKind = new Map<Kind, Map<string, AnyObject | undefined>>();
    const note = (object: AnyObject, value: AnyObject | undefined) => {
      const named = byKind.get(object.kind) ?? new Map<string, AnyObject | undefined>();
      byKind.set(object.kind, named);
      named.set(objectKey(object.metadata), value);
    };
    for (const { before, after } of changes) {
      if (before !== undefined) note(before, undefined);
      if (after !== undefined) note(after, after);
    }
    if (byKind.size === 0) return this;
    const next = new Map(this.#byKind);
    for (const [kind, named] of byKind) next.set(kind, (next.get(kind) ?? KindSet.empty).with(named));
    return new Objects(next);
  }

  /** What makes another set of this one. */
  *changesTo(other: Objects): Generator<ObjectChange> {
    for (const kind of new Set([...this.#byKind.keys(), ...other.#byKind.keys()])) {
      const [mine, theirs] = [this.#byKind.get(kind) ?? KindSet.empty, other.#byKind.get(kind) ?? KindSet.empty];
      for (const key of mine.differences(theirs)) yield { before: mine.get(key), after: theirs.get(key) };
    }
  }

  get gateways(): readonly Gateway[] {
    return this.all("Gateway");
  }
  get virtualServices(): readonly VirtualService[] {
    return this.all("VirtualService");
  }
  get destinationRules(): readonly DestinationRule[] {
    return this.all("DestinationRule");
  }
  get serviceEntries(): readonly ServiceEntry[] {
    return this.all("ServiceEntry");
  }
  get workloadEntries(): readonly WorkloadEntry[] {
    return this.all("WorkloadEntry");
  }
  get peerAuthentications(): readonly PeerAuthentication[] {
    return this.all("PeerAuthentication");
  }
  get namespaces(): readonly Namespace[] {
    return this.all("Namespace");
  }
  get services(): readonly Service[] {
    return this.all("Service");
  }
  get endpointSlices(): readonly EndpointSlice[] {
    return this.all("EndpointSlice");
  }
  get pods(): readonly Pod[] {
    return this.all("Pod");
  }
  get deployments(): readonly Deployment[] {
    return this.all("Deployment");
  }
  get secrets(): readonly Secret[] {
    return this.all("Secret");
  }

  /** All objects of one kind, oldest first. */
  all<K extends Kind>(kind: K): readonly ObjectOf<K>[] {
    return (this.#byKind.get(kind)?.all() ?? []) as readonly ObjectOf<K>[];
  }

  has(kind: Kind): boolean {
    return (this.#byKind.get(kind)?.size ?? 0) > 0;
  }

  get<K extends Kind>(kind: K, namespace: string, name: string): ObjectOf<K> | undefined {
    return this.#byKind.get(kind)?.get(`${namespace}/${name}`) as ObjectOf<K> | undefined;
  }

  find<K extends Kind>(index: Index<K>, key: string): readonly ObjectOf<K>[] {
    return (this.#byKind.get(index.kind)?.find(index, key) ?? []) as readonly ObjectOf<K>[];
  }

  ask<Value>(query: Query<Value>, key: string): Value {
    let answers = this.#answers.get(query);
    if (answers === undefined) this.#answers.set(query, (answers = new Map()));
    if (!answers.has(key)) answers.set(key, query.run(key, this));
    // Nothing but this query's answers are kept under it.
    return answers.get(key) as Value;
  }

  *[Symbol.iterator](): Iterator<AnyObject> {
    for (const kind of this.#byKind.keys()) yield* this.all(kind);
  }
}
