import deserialize from "@pulumi/policy/deserialize.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";

type Deserialize = (properties: Struct, proxySecrets: boolean) => object;

/** A module of @pulumi/policy that it publishes no types of. */
const internals = deserialize as unknown as { deserializeProperties: Deserialize };

/**
 * Lets all policies share what @pulumi/policy makes of a resource's properties: its server makes it anew for each policy, which takes more time than all else for a pack of this size
 * (2 s of a preview of `prod`, mostly for the schemas of the custom resource definitions). What remediations get is made for each, as they change it.
 */
export function deserializeOnce(): void {
  const { deserializeProperties } = internals;
  const made = new WeakMap<Struct, object>();
  internals.deserializeProperties = (properties, proxySecrets) => {
    if (proxySecrets) return deserializeProperties(properties, proxySecrets);
    const known = made.get(properties) ?? deserializeProperties(properties, proxySecrets);
    made.set(properties, known);
    return known;
  };
}
