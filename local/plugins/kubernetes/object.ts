import { isPropertyArray, isPropertyMap, type PropertyMap, type PropertyValue } from "../provider/index.ts";

/** A Kubernetes object as JSON; in a preview some of its values may be `Unknown`. Never holds secrets as such. */
export type KubernetesObject = PropertyMap;

export interface GroupVersionKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The value at a path of property names, or undefined where any of them is missing. */
export function valueAt(value: PropertyValue | undefined, ...path: readonly string[]): PropertyValue | undefined {
  return path.reduce<PropertyValue | undefined>(
    (current, name) => (isPropertyMap(current) ? current[name] : undefined),
    value,
  );
}

/** The text at a path, or empty where there is none. */
export function textAt(value: PropertyValue | undefined, ...path: readonly string[]): string {
  const found = valueAt(value, ...path);
  return typeof found === "string" ? found : "";
}

export function numberAt(value: PropertyValue | undefined, ...path: readonly string[]): number | undefined {
  const found = valueAt(value, ...path);
  return typeof found === "number" ? found : undefined;
}

export function listAt(value: PropertyValue | undefined, ...path: readonly string[]): readonly PropertyValue[] {
  const found = valueAt(value, ...path);
  return isPropertyArray(found) ? found : [];
}

export function mapAt(value: PropertyValue | undefined, ...path: readonly string[]): PropertyMap {
  const found = valueAt(value, ...path);
  return isPropertyMap(found) ? found : {};
}

/** The same object with another value at a path; missing maps on the way are added. Whatever is no map on the way stays as it is. */
export function withValue(object: PropertyMap, path: readonly string[], value: PropertyValue): PropertyMap {
  const [name, ...rest] = path;
  if (name === undefined) return object;
  if (rest.length === 0) return { ...object, [name]: value };
  const inner = object[name] ?? {};
  return isPropertyMap(inner) ? { ...object, [name]: withValue(inner, rest, value) } : object;
}

/** The same object without what is at a path. */
export function withoutValue(object: PropertyMap, path: readonly string[]): PropertyMap {
  const [name, ...rest] = path;
  if (name === undefined || !Object.hasOwn(object, name)) return object;
  if (rest.length === 0) {
    const { [name]: _, ...others } = object;
    return others;
  }
  const inner = object[name];
  return isPropertyMap(inner) ? { ...object, [name]: withoutValue(inner, rest) } : object;
}

export const nameOf = (object: KubernetesObject): string => textAt(object, "metadata", "name");
export const namespaceOf = (object: KubernetesObject): string => textAt(object, "metadata", "namespace");
export const kindOf = (object: KubernetesObject): string => textAt(object, "kind");
export const apiVersionOf = (object: KubernetesObject): string => textAt(object, "apiVersion");
export const uidOf = (object: KubernetesObject): string => textAt(object, "metadata", "uid");
export const annotationOf = (object: KubernetesObject, name: string): string =>
  textAt(object, "metadata", "annotations", name);

/** `apps/v1` and `Deployment` as their parts. The core group may be spelled `core/v1`, as Pulumi's type tokens have it. */
export function groupVersionKind(apiVersion: string, kind: string): GroupVersionKind {
  const slash = apiVersion.indexOf("/");
  const group = slash < 0 ? "" : apiVersion.slice(0, slash);
  return { group: group === "core" ? "" : group, version: apiVersion.slice(slash + 1), kind };
}

export const groupVersionKindOf = (object: KubernetesObject): GroupVersionKind =>
  groupVersionKind(apiVersionOf(object), kindOf(object));

/** `v1` or `apps/v1`, as it stands in an object. */
export const apiVersionText = ({ group, version }: GroupVersionKind): string =>
  group === "" ? version : `${group}/${version}`;

/** What Pulumi calls the object's ID: `namespace/name`, or `name` where the kind has no namespace. */
export function idOf(object: KubernetesObject): string {
  const namespace = namespaceOf(object);
  return namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

export function parseId(id: string): { namespace: string; name: string } {
  const [first = "", second] = id.split("/");
  return second === undefined ? { namespace: "", name: first } : { namespace: first, name: second };
}

export const isCustomResourceDefinition = (object: KubernetesObject): boolean => {
  const { group, kind } = groupVersionKindOf(object);
  return group === "apiextensions.k8s.io" && kind === "CustomResourceDefinition";
};

export const isSecret = (object: KubernetesObject): boolean =>
  apiVersionOf(object) === "v1" && kindOf(object) === "Secret";
export const isConfigMap = (object: KubernetesObject): boolean =>
  apiVersionOf(object) === "v1" && kindOf(object) === "ConfigMap";
