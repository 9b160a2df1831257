import { hasUnknowns, isPropertyMap, type PropertyMap, type PropertyValue } from "../../provider/index.ts";
import {
  isCustomResourceDefinition,
  isSecret,
  type KubernetesObject,
  mapAt,
  valueAt,
  withoutValue,
  withValue,
} from "../object.ts";
import { throughType } from "./typed.ts";

/** Fields of `metadata` that the API server alone writes. */
const readOnlyMetadata = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/**
 * Writes inputs as the API server would, so that equal objects have equal inputs and no difference is seen where there is none. What the API server
 * adds is not added. Inputs with values that are not known yet are left as they are.
 */
export function normalize(inputs: KubernetesObject): KubernetesObject {
  const normal = hasUnknowns(inputs) ? inputs : normalizeKind(inputs);
  return readOnlyMetadata.reduce<KubernetesObject>(
    (object, field) => withoutValue(object, ["metadata", field]),
    normal,
  );
}

function normalizeKind(inputs: KubernetesObject): KubernetesObject {
  if (isCustomResourceDefinition(inputs)) return normalizeDefinition(inputs);
  if (isSecret(inputs)) return normalizeSecret(inputs);
  return throughType(inputs);
}

/** `preserveUnknownFields: false` is the only value that v1 has, and is not stored; `status` is not an input. */
function normalizeDefinition(inputs: KubernetesObject): KubernetesObject {
  const pruned =
    valueAt(inputs, "spec", "preserveUnknownFields") === false
      ? withoutValue(inputs, ["spec", "preserveUnknownFields"])
      : inputs;
  return withoutValue(pruned, ["status"]);
}

/** The API server stores `stringData` in `data`, over what stands there, and writes base64 in its one canonical form. */
function normalizeSecret(inputs: KubernetesObject): KubernetesObject {
  const stringData = mapAt(inputs, "stringData");
  if (Object.keys(stringData).length > 0) {
    const encoded = mapValues(stringData, (value) => Buffer.from(String(value)).toString("base64"));
    return withoutValue(withValue(inputs, ["data"], { ...mapAt(inputs, "data"), ...encoded }), ["stringData"]);
  }
  const { data } = inputs;
  return isPropertyMap(data) ? { ...inputs, data: mapValues(data, canonicalBase64) } : inputs;
}

function mapValues(map: PropertyMap, change: (value: PropertyValue) => PropertyValue): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]));
}

/** Line breaks and the like go; what is no base64 is left for the API server to refuse. */
function canonicalBase64(value: PropertyValue): PropertyValue {
  if (typeof value !== "string") return value;
  const compact = value.replaceAll(/[\r\n]/g, "");
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(compact)
    ? Buffer.from(compact, "base64").toString("base64")
    : value;
}
