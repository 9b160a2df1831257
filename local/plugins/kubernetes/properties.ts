import {
  hasSecrets,
  isPropertyArray,
  isPropertyMap,
  type PropertyMap,
  type PropertyValue,
  Secret,
  withoutSecrets,
} from "../provider/index.ts";
import { apiVersionOf, isSecret, type KubernetesObject, kindOf } from "./object.ts";

/**
 * Fields of a JSON schema that have dashes in Kubernetes and underscores in Pulumi's SDKs, as some languages have no dashes in names.
 * Both spellings are taken as inputs; outputs have underscores.
 */
const dashed = new Map(
  [
    "embedded_resource",
    "int_or_string",
    "list_map_keys",
    "list_type",
    "map_type",
    "preserve_unknown_fields",
    "validations",
  ].map((name) => [`x_kubernetes_${name}`, `x-kubernetes-${name.replaceAll("_", "-")}`]),
);
const underscored = new Map(Array.from(dashed, ([underscore, dash]) => [dash, underscore]));

function renameKeys(value: PropertyValue, names: ReadonlyMap<string, string>): PropertyValue {
  if (isPropertyArray(value)) return value.map((element) => renameKeys(element, names));
  if (!isPropertyMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [names.get(name) ?? name, renameKeys(part, names)]),
  );
}

/** Leaves out properties that are null, as the engine has them for inputs that are not set. Elements of arrays stay. */
function withoutNulls(value: PropertyValue): PropertyValue {
  if (isPropertyArray(value)) return value.map(withoutNulls);
  if (!isPropertyMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== null)
      .map(([name, part]) => [name, withoutNulls(part)]),
  );
}

const asMap = (value: PropertyValue): PropertyMap => (isPropertyMap(value) ? value : {});

/** The Kubernetes object that properties from the engine stand for: secrets in the clear, schema fields with dashes. */
export function toObject(properties: PropertyMap): KubernetesObject {
  return asMap(renameKeys(withoutNulls(withoutSecrets(properties)), dashed));
}

/** The bookkeeping that the state holds beside the object. The values are what the official plugin writes, so that either can go on with the other's. */
export interface Checkpoint {
  readonly inputs: KubernetesObject;
  readonly live: KubernetesObject;
  /** Absent in a state that was not made by this provider's version 4. */
  readonly fieldManager: string | undefined;
  readonly initialApiVersion: string;
}

/** Reads a resource's state. */
export function parseCheckpoint(state: PropertyMap): Checkpoint {
  const { __inputs, __fieldManager, __initialApiVersion, ...live } = toObject(state);
  const inputs = asMap(__inputs ?? {});
  return {
    inputs,
    live,
    fieldManager: typeof __fieldManager === "string" ? __fieldManager : undefined,
    initialApiVersion: typeof __initialApiVersion === "string" ? __initialApiVersion : apiVersionOf(inputs),
  };
}

/** Writes a resource's state. `from` are the properties whose secrets stay secret in it. */
export function toCheckpoint(
  inputs: KubernetesObject,
  live: KubernetesObject,
  from: PropertyMap,
  initialApiVersion: string,
  fieldManager: string,
): PropertyMap {
  const object = annotateSecrets(asMap(renameKeys(live, underscored)), from);
  return {
    ...(isSecret(live) ? annotateStringData(object, from) : object),
    __inputs: annotateSecrets(asMap(renameKeys(inputs, underscored)), from),
    __initialApiVersion: initialApiVersion,
    __fieldManager: fieldManager,
  };
}

/** The API server turns `stringData` into `data`: what was secret there has to be secret here. */
function annotateStringData(object: PropertyMap, from: PropertyMap): PropertyMap {
  const { stringData } = from;
  const { data } = object;
  if (stringData === undefined || data === undefined || data instanceof Secret) return object;
  if (stringData instanceof Secret) return { ...object, data: new Secret(data) };
  return isPropertyMap(stringData) && isPropertyMap(data)
    ? { ...object, data: annotateSecrets(data, stringData) }
    : object;
}

/**
 * Marks as secret in `to` what is secret in `from`. Maps are gone into; anything else that holds a secret is secret as a whole, arrays too, since the
 * API server may change their order. A Secret's data is always secret.
 */
export function annotateSecrets(to: PropertyMap, from: PropertyMap): PropertyMap {
  if (kindOf(to) === "Secret") {
    const secret = (name: string) =>
      to[name] === undefined || to[name] instanceof Secret ? {} : { [name]: new Secret(to[name]) };
    return { ...to, ...secret("data"), ...secret("stringData") };
  }
  const marked: Record<string, PropertyValue> = { ...to };
  for (const [name, source] of Object.entries(from)) {
    const target = to[name];
    if (target === undefined) continue;
    if (isPropertyMap(target) && isPropertyMap(source)) marked[name] = annotateSecrets(target, source);
    else if (!(target instanceof Secret) && hasSecrets(source)) marked[name] = new Secret(target);
  }
  return marked;
}
