import type * as z from "zod";
import { checkAnnotations } from "../annotations/check.ts";
import { messageOf } from "../catalogue.ts";
import type { Message } from "../message.ts";
import type { AnyObject, FieldPath, ObjectMetadata, Origin } from "../objects.ts";
import { kindSchema, metadataSchema, type KindSchema } from "../schema/index.ts";
import { oddFields } from "./fields.ts";
import { describeIssue } from "./issue.ts";
import { withoutNulls } from "./nulls.ts";
import { formatPath } from "./path.ts";

export interface ParseObjectOptions {
  /** Where the object was found: one text for all of it (a URN, a file), or a function that knows each field's place. */
  readonly reference?: string | ((path: FieldPath) => string | undefined) | undefined;
  /** Namespace of objects that name none; `default` by default. */
  readonly defaultNamespace?: string | undefined;
}

export interface ParsedObject {
  /** Missing where the value is of a kind that routing does not read, or is wrong. */
  readonly object?: AnyObject;
  readonly messages: readonly Message[];
}

/**
 * Reads one object, as it comes from YAML, JSON or the API server, against its kind's schema. Never throws: what is wrong is in the messages
 * (IST0106), and then there is no object. Fields that the schema does not know are kept, and reported (IST0133, TCP0001).
 */
export function parseObject(value: unknown, options: ParseObjectOptions = {}): ParsedObject {
  const { reference } = options;
  const place = typeof reference === "function" ? reference : () => reference;
  if (!isRecord(value)) return { messages: [notAnObject("is not an object", place([]))] };
  const { apiVersion, kind } = value;
  if (typeof apiVersion !== "string" || typeof kind !== "string") {
    return { messages: [notAnObject("has no apiVersion and kind", place([]))] };
  }
  const known = kindSchema(apiVersion, kind);
  if (known === undefined) {
    const resource = `${kind} ${nameOf(value)}`.trimEnd();
    return {
      messages: [
        messageOf(
          "TCP0002",
          { resource, reference: place([]) },
          `${apiVersion} ${kind} has no part in routing and is ignored`,
        ),
      ],
    };
  }
  return parseKnown(value, { known, apiVersion, place, defaultNamespace: options.defaultNamespace ?? "default" });
}

interface Known {
  readonly known: KindSchema;
  readonly apiVersion: string;
  readonly place: (path: FieldPath) => string | undefined;
  readonly defaultNamespace: string;
}

function parseKnown(
  value: Record<string, unknown>,
  { known, apiVersion, place, defaultNamespace }: Known,
): ParsedObject {
  const resource = `${known.declaredKind} ${nameOf(value)}`.trimEnd();
  const issues: { path: FieldPath; text: string }[] = [];
  const check = (schema: z.ZodType, part: unknown, base: FieldPath) => {
    const result = schema.safeParse(part);
    for (const issue of result.error?.issues ?? []) {
      const path = [...base, ...(issue.path as (string | number)[])];
      issues.push({ path, text: `${formatPath(path)}: ${describeIssue(issue, value, path)}` });
    }
  };
  check(metadataSchema, value["metadata"], ["metadata"]);
  const base: FieldPath = known.hasSpec ? ["spec"] : [];
  const declared = known.hasSpec ? value["spec"] : value;
  // Kubernetes' own kinds come from an API server that has dropped them.
  const body = known.reportsFields ? withoutNulls(declared) : declared;
  if (known.schema !== undefined) check(known.schema, body, base);

  const messages = issues.map(({ path, text }) =>
    messageOf("IST0106", { resource, reference: place(path) }, `Schema validation error: ${text}`),
  );
  if (known.reportsFields && known.schema !== undefined) {
    messages.push(...reportFields(known.schema, declared, base, resource, place));
  }
  if (issues.length > 0) return { messages };

  const metadata = value["metadata"] as z.output<typeof metadataSchema>;
  if (known.reportsFields) {
    const odd = checkAnnotations({ kind: known.kind, resource, annotations: metadata.annotations ?? {}, place });
    messages.push(...odd);
    if (odd.some(({ level }) => level === "Error")) return { messages };
  }
  const origin: Origin = { namespaceImplied: known.namespaced && metadata.namespace === undefined, reference: place };
  const object = {
    ...(known.hasSpec ? { spec: body ?? {} } : known.schema === undefined ? {} : value),
    apiVersion,
    kind: known.kind,
    metadata: normalizeMetadata(metadata, known.namespaced ? (metadata.namespace ?? defaultNamespace) : ""),
    origin,
  };
  // The schema has held: the value is what the kind's type says.
  return { object: object as unknown as AnyObject, messages };
}

function reportFields(
  schema: z.ZodType,
  body: unknown,
  base: FieldPath,
  resource: string,
  place: (path: FieldPath) => string | undefined,
): Message[] {
  return oddFields(schema, body, base).map(({ path, unserved }) => {
    const about = { resource, reference: place(path) };
    return unserved === undefined
      ? messageOf("IST0133", about, `Schema validation warning: unknown field ${formatPath(path)}`)
      : messageOf(
          "TCP0001",
          { ...about, level: unserved.level },
          `${formatPath(path)} is kept and has no effect here. ${unserved.description}`,
        );
  });
}

function normalizeMetadata(metadata: z.output<typeof metadataSchema>, namespace: string): ObjectMetadata {
  return {
    name: metadata.name,
    namespace,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    creationTimestamp: metadata.creationTimestamp ?? undefined,
    generation: metadata.generation,
  };
}

function notAnObject(why: string, reference: string | undefined): Message {
  return messageOf("TCP0003", { resource: "", reference }, `Cannot read a Kubernetes object as the value ${why}`);
}

function nameOf(value: Record<string, unknown>): string {
  const { metadata } = value;
  if (!isRecord(metadata) || typeof metadata["name"] !== "string") return "";
  const { namespace, name } = metadata;
  return typeof namespace === "string" && namespace !== "" ? `${namespace}/${name as string}` : (name as string);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
