import { messageOf } from "../catalogue.ts";
import type { Message } from "../message.ts";
import type { FieldPath } from "../objects.ts";
import { served } from "../schema/served.ts";
import { annotationPrefix, annotations } from "./definitions.ts";

export interface CheckedObject {
  readonly kind: string;
  /** As messages show it. */
  readonly resource: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly place: (path: FieldPath) => string | undefined;
}

/** What is to be said of an object's own annotations (`tcp-ingress.dev/…`). An Error means that the object must not be used. */
export function checkAnnotations({ kind, resource, annotations: declared, place }: CheckedObject): Message[] {
  return Object.entries(declared).flatMap(([name, text]): Message[] => {
    if (!name.startsWith(annotationPrefix)) return [];
    const about = { resource, reference: place(["metadata", "annotations", name]) };
    const known = annotations.get(name);
    if (known === undefined) {
      return [messageOf("TCP0061", about, `Annotation ${name} has no effect as there is none of that name`)];
    }
    if (known.kind !== kind) {
      return [messageOf("TCP0061", about, `Annotation ${name} has no effect on a ${kind}: set it on a ${known.kind}`)];
    }
    if (known.read(text) === undefined) {
      return [
        messageOf(
          "TCP0060",
          about,
          `Cannot read annotation ${name} as ${JSON.stringify(text)} is not ${known.expects}`,
        ),
      ];
    }
    if (known.needs !== undefined && declared[known.needs] === undefined) {
      return [messageOf("TCP0060", about, `Cannot use annotation ${name} without ${known.needs}: set both`)];
    }
    if (served[known.feature]) return [];
    const description = `${name} is kept and has no effect here. ${known.description}`;
    return [messageOf("TCP0001", { ...about, level: "Warning" }, description)];
  });
}
