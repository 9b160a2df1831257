import { assume, undecided, type Identity } from "../../routing/assume/index.ts";
import { withDerived } from "../../routing/gateway-api/derivation.ts";
import type { Message } from "../../routing/message.ts";
import { Objects, type AnyObject, type FieldPath, type Gateway, type Service } from "../../routing/objects.ts";
import { parseObject } from "../../routing/parse/object.ts";
import { selects } from "../../routing/selector.ts";
import type { Workload } from "../../routing/workload.ts";
import { decide, type Piece, type Resource, unknownOf, type Unknown } from "../kit/index.ts";
import { manifestOf } from "./manifest.ts";

/** The routing declarations of a stack. */
export interface Declared {
  /** What is known, with what is derived of it, and stand-ins for what others bring. */
  readonly objects: Objects;
  /** What is wrong with single declarations. */
  readonly messages: readonly Message[];
  /** A piece for each declaration that can't be judged yet: of it something is unknown, or of another one that it refers to. */
  readonly undecided: readonly Piece<never>[];
  /** The stack's own Services in front of gateway pods. It throws where one may be among them of which a preview can't know that. */
  servicesOf(workload: Workload): readonly Service[];
  /** A piece for something that is declared at a place, as `origin.reference` and messages name it; undefined for what others declare. */
  at<T>(reference: string | undefined, value: T): Piece<T> | undefined;
}

const read = new WeakMap<readonly Resource[], Declared>();

/** Reads a stack's routing declarations. */
export function declaredIn(resources: readonly Resource[]): Declared {
  const declared = read.get(resources) ?? readDeclarations(resources);
  read.set(resources, declared);
  return declared;
}

/** A declaration of which something is unknown. */
interface Hidden {
  readonly resource: Resource;
  readonly unknown: Unknown;
}

function readDeclarations(resources: readonly Resource[]): Declared {
  const parsed: { readonly object: AnyObject; readonly resource: Resource }[] = [];
  const messages: Message[] = [];
  const hidden: Hidden[] = [];
  for (const [index, resource] of resources.entries()) {
    const manifest = decide(() => manifestOf(resource));
    if ("unknown" in manifest) hidden.push({ resource, unknown: manifest.unknown });
    if (!("value" in manifest) || manifest.value === undefined) continue;
    const reference = (path: FieldPath) => JSON.stringify([index, path]);
    const { object, messages: found } = parseObject(manifest.value, { reference });
    if (object !== undefined) parsed.push({ object, resource });
    messages.push(...found);
  }

  const declared = Objects.of(parsed.map(({ object }) => object));
  const dependants = new Map(hidden.flatMap((one) => dependantsOf(declared, one).map((object) => [object, one])));
  const known = parsed.filter(({ object }) => !dependants.has(object) && !isObscured(object, hidden));
  const objects = withDerived(Objects.of(known.map(({ object }) => object)));
  const assumed = assume(objects, servedOf(objects));
  return {
    objects: withDerived(Objects.of([...known.map(({ object }) => object), ...assumed.objects])),
    messages,
    undecided: [
      ...hidden.filter(({ resource }) => isRouting(resource)).map(({ resource, unknown }) => piece(resource, unknown)),
      ...parsed.flatMap(({ object, resource }) => {
        const cause = dependants.get(object);
        return cause === undefined ? [] : [piece(resource, unknownOf(cause.resource.title, cause.unknown))];
      }),
    ],
    servicesOf: (workload) => {
      const unknown = hidden.find(
        ({ resource }) => resource.kind === "Service" && isMaybeIn(resource, workload.namespace),
      );
      if (unknown !== undefined) throw unknownOf(unknown.resource.title, unknown.unknown);
      return objects.services.filter((service) => isInFrontOf(service, workload));
    },
    at: (reference, value) => {
      if (reference === undefined) return undefined;
      const [index, path] = JSON.parse(reference) as [number, FieldPath];
      const resource = resources[index];
      return { resource, path: [...(resource?.path ?? []), ...path], read: () => value };
    },
  };
}

function piece(resource: Resource, unknown: Unknown): Piece<never> {
  return {
    resource,
    path: resource.path,
    read: () => {
      throw unknown;
    },
  };
}

const gatewayApi = "gateway.networking.k8s.io/";

/** Kinds that routes are made of; what is unknown of a Service or a pod leaves these to be taken for granted, as those of others are. */
function isRouting({ kind = "" }: Resource): boolean {
  return kind.startsWith(gatewayApi) || kind.startsWith("networking.istio.io/");
}

/** The declarations that nothing can be said about before another one is known. */
function dependantsOf(declared: Objects, { resource }: Hidden): readonly AnyObject[] {
  const { kind = "" } = resource;
  if (kind.startsWith(gatewayApi)) return [...declared.all("TCPRoute"), ...declared.all("TLSRoute")];
  if (kind !== "networking.istio.io/Gateway" && kind !== "networking.istio.io/DestinationRule") return [];
  const identity = decide((): Identity => {
    const { metadata, spec } = resource.read() as { metadata?: { name?: string }; spec?: { host?: string } };
    const own = { namespace: resource.namespace(), name: metadata?.name ?? "" };
    return kind === "networking.istio.io/Gateway"
      ? { kind: "Gateway", ...own }
      : { kind: "DestinationRule", ...own, host: spec?.host ?? "" };
  });
  // A rule that may be for any host may be for each.
  return "value" in identity ? undecided(declared, [identity.value]) : declared.virtualServices;
}

/** Pods beside others of which it is unknown what they are: a Service of their namespace may have all its pods among these. */
function isObscured({ kind, metadata }: AnyObject, hidden: readonly Hidden[]): boolean {
  if (kind !== "Pod" && kind !== "Deployment") return false;
  return hidden.some(
    ({ resource }) => !isRouting(resource) && resource.kind !== "Service" && isMaybeIn(resource, metadata.namespace),
  );
}

function isMaybeIn(resource: Resource, namespace: string): boolean {
  const own = decide(() => resource.namespace());
  return !("value" in own) || own.value === namespace;
}

function isInFrontOf({ metadata, spec }: Service, { namespace, labels }: Workload): boolean {
  const selector = spec.selector ?? {};
  return metadata.namespace === namespace && Object.keys(selector).length > 0 && selects(selector, labels);
}

/** The Gateways that pods of the stack serve. */
function servedOf(objects: Objects): ReadonlySet<string> {
  const labels = [
    ...objects.pods.map(({ metadata }) => metadata.labels),
    ...objects.deployments.map(({ spec }) => spec.template.metadata?.labels ?? {}),
  ];
  const isServed = ({ spec: { selector = {} } }: Gateway) =>
    Object.keys(selector).length > 0 && labels.some((each) => selects(selector, each));
  return new Set(objects.gateways.filter(isServed).map(({ metadata: { namespace, name } }) => `${namespace}/${name}`));
}
