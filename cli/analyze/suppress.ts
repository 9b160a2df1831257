import { catalogue, resourceName, type Message, type Objects } from "../../routing/index.ts";
import { Failure } from "../failure.ts";

/** Istio's annotation on an object: codes that are not to be reported of it, separated by commas; `*`: none (istio.io, "Diagnose your Configuration with Istioctl Analyze"). */
const ANNOTATION = "galley.istio.io/analyze-suppress";

/** Messages that nobody wants to see. */
export interface Suppression {
  readonly code: RegExp;
  readonly resource: RegExp;
}

/**
 * Reads `CODE=Kind namespace/name`; `*` stands for anything, and a code alone for all resources.
 *
 * @throws {Failure} where no message has such a code
 */
export function parseSuppression(text: string): Suppression {
  const [code = "", ...rest] = text.split("=");
  const pattern = globOf(code.toUpperCase());
  if (![...catalogue.keys()].some((known) => pattern.test(known))) {
    throw new Failure(
      `No message has the code ${JSON.stringify(code)}. Give CODE=RESOURCE, such as "IST0118=Service shop/*"`,
    );
  }
  return { code: pattern, resource: globOf(rest.length === 0 ? "*" : rest.join("=")) };
}

/**
 * Whether a message is suppressed, on the command line or by an annotation of its object.
 *
 * @param defaultNamespace - of objects that messages name without one
 */
export function suppressor(
  suppressions: readonly Suppression[],
  objects: Objects,
  defaultNamespace: string,
): (message: Message) => boolean {
  const annotated = new Map<string, readonly string[]>();
  for (const object of objects) {
    const codes = object.metadata.annotations[ANNOTATION];
    if (codes !== undefined)
      annotated.set(
        resourceName(object),
        codes.split(",").map((code) => code.trim()),
      );
  }
  return ({ code, resource }) => {
    const codes = annotated.get(resource) ?? [];
    if (codes.includes("*") || codes.includes(code)) return true;
    const names = namesOf(resource, defaultNamespace);
    return suppressions.some((one) => one.code.test(code) && names.some((name) => one.resource.test(name)));
  };
}

/** A resource as messages call it, and as istioctl's own suppressions do: `Kind name.namespace`. */
function namesOf(resource: string, defaultNamespace: string): string[] {
  const [, kind, namespace = defaultNamespace, name] = /^(\S+) (?:([^/]+)\/)?(.+)$/.exec(resource) ?? [];
  if (kind === undefined || name === undefined) return [resource];
  return [resource, `${kind} ${namespace}/${name}`, `${kind} ${name}.${namespace}`];
}

function globOf(text: string): RegExp {
  const literal = text.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`);
}
