import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { kindSchema } from "../../routing/schema/index.ts";
import type { FieldPath } from "../../routing/index.ts";
import { readYaml } from "../../routing/parse/yaml.ts";

/** An object of a manifest. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** As it stands there, with its namespace where it names none. */
  readonly manifest: Readonly<Record<string, unknown>>;
  /** `file:line` of a field. */
  place(path: FieldPath): string;
}

export interface ManifestSources {
  /** YAML or JSON text. */
  readonly text?: string | undefined;
  /** Files, folders (all `.yaml`, `.yml` and `.json` files in them, at any depth) and patterns of files. */
  readonly files?: string | readonly string[] | undefined;
  /** Of objects that name none; `default` by default. */
  readonly namespace?: string | undefined;
}

/** Kinds that are in no namespace, of those that one finds beside routes: nothing but the API server knows them all. */
const clusterKinds = [
  "Namespace",
  "Node",
  "PersistentVolume",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "StorageClass",
  "PriorityClass",
  "IngressClass",
  "APIService",
  "ValidatingWebhookConfiguration",
  "MutatingWebhookConfiguration",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
];

/**
 * Reads all objects of manifests, in the order of the text, files in the order of their names.
 *
 * @throws {Error} when a file is not there or is no YAML, a value is no Kubernetes object, two objects have one name, or there is none at all
 */
export function readManifests({ text, files = [], namespace }: ManifestSources): ManifestObject[] {
  const texts = [
    ...(text === undefined ? [] : [{ file: "text", content: text }]),
    ...[files]
      .flat()
      .flatMap(filesOf)
      .map((file) => ({ file, content: readFileSync(file, "utf8") })),
  ];
  const objects = texts.flatMap(({ file, content }) =>
    [...readYaml(content, file)].map((read) => {
      if ("message" in read) throw new Error(`${read.message.message} (${read.message.reference ?? file})`);
      return manifestObject(read.value, (path) => read.reference(path), namespace);
    }),
  );
  if (objects.length === 0)
    throw new Error(`Cannot find any object in ${texts.map(({ file }) => file).join(", ") || "no manifests"}`);
  refuseDoubles(objects);
  return objects;
}

function filesOf(path: string): string[] {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const found = globSync(isFolder ? join(path, "**/*.{yaml,yml,json}") : path).sort();
  if (found.length === 0) throw new Error(`Cannot find manifests as nothing is at ${path}`);
  return found;
}

function manifestObject(
  value: unknown,
  place: (path: FieldPath) => string,
  defaultNamespace: string | undefined,
): ManifestObject {
  const refuse = (lack: string) =>
    new Error(`Cannot take a value for a Kubernetes object as it has no ${lack} (${place([])})`);
  if (!isRecord(value)) throw refuse("fields");
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== "string") throw refuse("apiVersion");
  if (typeof kind !== "string") throw refuse("kind");
  if (!isRecord(metadata) || typeof metadata["name"] !== "string") throw refuse("metadata.name");
  const name = metadata["name"];
  const known = kindSchema(apiVersion, kind);
  if (!(known?.namespaced ?? !clusterKinds.includes(kind))) {
    return { apiVersion, kind, namespace: "", name, manifest: value, place };
  }
  const declared = metadata["namespace"];
  const namespace = typeof declared === "string" ? declared : (defaultNamespace ?? "default");
  // Whether a kind that nobody here knows is in a namespace is left to the API server, unless the user says so.
  const isSaid = known !== undefined || defaultNamespace !== undefined;
  const manifest = isSaid ? { ...value, metadata: { ...metadata, namespace } } : value;
  return { apiVersion, kind, namespace, name, manifest, place };
}

function refuseDoubles(objects: readonly ManifestObject[]): void {
  const seen = new Map<string, ManifestObject>();
  for (const object of objects) {
    const name = `${object.kind} ${object.namespace}/${object.name}`;
    const key = `${object.apiVersion.split("/").slice(0, -1).join()} ${name}`;
    const first = seen.get(key);
    if (first !== undefined) {
      throw new Error(`Cannot take ${name} twice (${first.place([])} and ${object.place([])})`);
    }
    seen.set(key, object);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
