import { standInsForHosts, undecided, type Identity } from "../../routing/assume/index.ts";
import { compareObjects, type Change } from "../../routing/compare/index.ts";
import { withDerived } from "../../routing/gateway-api/derivation.ts";
import { Objects, parseObject, type AnyObject, type Kind } from "../../routing/index.ts";
import type { ParsedDeclaration } from "./declaration.ts";
import type { StateObject } from "./state.ts";

/** The kinds whose changes are told. */
const subjects: readonly Kind[] = [
  ...(["Gateway", "VirtualService", "DestinationRule", "ServiceEntry", "WorkloadEntry"] as const),
  ...(["GatewayClass", "KubernetesGateway", "TCPRoute", "TLSRoute", "ReferenceGrant"] as const),
];

/**
 * What the deployment changes for those who connect. Nothing is said of what others declare, nor of what is unknown or secret.
 *
 * @param state the objects of the last deployment
 * @param declared all that the program speaks of
 * @param hidden objects with values that are not known, or must not be shown
 */
export function changesOf(
  state: readonly StateObject[],
  declared: readonly ParsedDeclaration[],
  hidden: readonly Identity[],
): Change[] {
  const previous = state.flatMap(({ manifest, secret }) => {
    const { object } = parseObject(manifest);
    return object === undefined ? [] : [{ object, secret }];
  });
  const silent = [...hidden, ...previous.filter(({ secret }) => secret).map(({ object }) => identityOf(object))];
  const [own, context] = partition(declared);
  const before = visible(
    previous.map(({ object }) => object),
    silent,
  );
  const births = new Map(before.map((object) => [keyOf(identityOf(object)), object.metadata.creationTimestamp]));
  // The program does not know how old its objects are, which decides who comes first.
  const after = visible(own, silent).map((object) => ({
    ...object,
    metadata: { ...object.metadata, creationTimestamp: births.get(keyOf(identityOf(object))) },
  }));
  const routes = [before, after].flatMap((set) => withDerived(Objects.of([...context, ...set])).virtualServices);
  const settled = [...context, ...standInsForHosts(Objects.of(context), routes)];
  return compareObjects(Objects.of([...settled, ...before]), Objects.of([...settled, ...after]));
}

/** What the program routes, and what it routes among: that is taken to be the same before and after. */
function partition(declared: readonly ParsedDeclaration[]): [routing: AnyObject[], context: AnyObject[]] {
  const isRouting = ({ object, own }: ParsedDeclaration) => own && isSubject(object);
  const objectOf = ({ object }: ParsedDeclaration) => object;
  return [declared.filter(isRouting).map(objectOf), declared.filter((one) => !isRouting(one)).map(objectOf)];
}

function isSubject({ kind }: AnyObject): boolean {
  return subjects.includes(kind);
}

/** Without those that must not be spoken of, nor those whose routes lead there. */
function visible(objects: readonly AnyObject[], silent: readonly Identity[]): AnyObject[] {
  const keys = new Set(silent.map(keyOf));
  const shown = objects.filter((object) => isSubject(object) && !keys.has(keyOf(identityOf(object))));
  const dependants = new Set<AnyObject>(undecided(Objects.of(shown), silent));
  return shown.filter((object) => !dependants.has(object));
}

function identityOf(object: AnyObject): Identity {
  const { kind, metadata } = object;
  const host = object.kind === "DestinationRule" ? { host: object.spec.host } : {};
  return { kind, namespace: metadata.namespace, name: metadata.name, ...host };
}

function keyOf({ kind, namespace, name }: Identity): string {
  return `${kind} ${namespace}/${name}`;
}
