import { parseAllDocuments, type TagId, type Tags } from "yaml";
import type { InvokeResponse, PropertyMap } from "../../provider/index.ts";
import type { Connection } from "../connection.ts";
import { apiVersionOf, type KubernetesObject, kindOf, namespaceOf, withValue } from "../object.ts";

/** `kubernetes:yaml:decode`: the objects in a YAML text, those without a namespace in `defaultNamespace`. Documents that are no objects are left out. */
export async function decodeYaml(args: PropertyMap, connection: Connection): Promise<InvokeResponse> {
  const { text, defaultNamespace } = args;
  if (typeof text !== "string") throw new Error("missing required field 'text' of type string");
  const objects = parse(text).filter((object) => apiVersionOf(object) !== "" && kindOf(object) !== "");
  if (typeof defaultNamespace !== "string" || defaultNamespace === "") return { result: { result: objects } };
  return {
    result: { result: await Promise.all(objects.map((object) => place(object, defaultNamespace, connection))) },
  };
}

/** YAML 1.1, as Kubernetes reads it (`yes` is true), but with dates as text. */
function parse(text: string): readonly KubernetesObject[] {
  const customTags = (tags: Tags): (Tags[number] | TagId)[] =>
    tags.filter((tag) => tag !== "timestamp" && (typeof tag === "string" || tag.tag !== "tag:yaml.org,2002:timestamp"));
  const documents = parseAllDocuments(text, { version: "1.1", customTags });
  return (Array.isArray(documents) ? documents : []).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    const value: unknown = document.toJS();
    return typeof value === "object" && value !== null && !Array.isArray(value) ? [value as KubernetesObject] : [];
  });
}

async function place(object: KubernetesObject, namespace: string, connection: Connection): Promise<KubernetesObject> {
  if (namespaceOf(object) !== "" || (await connection.isNamespaced(object)) === false) return object;
  return withValue(object, ["metadata", "namespace"], namespace);
}
