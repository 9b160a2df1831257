import type { ResourceClient } from "../api/client.ts";
import { apiVersionOf, kindOf, type KubernetesObject, nameOf, namespaceOf } from "../object.ts";

/**
 * Gives up a manager's fields of an object, by applying the object with none of them. What no other manager wants goes away, or back to its default;
 * the API server refuses where that would leave a required field out.
 */
export async function relinquish(
  client: ResourceClient,
  object: KubernetesObject,
  fieldManager: string,
): Promise<void> {
  const namespace = namespaceOf(object);
  const bare = {
    apiVersion: apiVersionOf(object),
    kind: kindOf(object),
    metadata: { name: nameOf(object), ...(namespace === "" ? {} : { namespace }) },
  };
  await client.apply(nameOf(object), bare, { fieldManager });
}
