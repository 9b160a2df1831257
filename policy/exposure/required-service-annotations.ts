import * as z from "zod";
import { part, resourcePolicy, type Piece, type Selector } from "../kit/index.ts";
import { services, typeOf } from "./services.ts";

interface Config {
  readonly annotations: Readonly<Record<string, readonly string[]>>;
}

interface Annotation {
  readonly value: string | undefined;
  /** Values that it may have; any, if there are none. */
  readonly values: readonly string[];
}

/** Each annotation that is required, of each Service of type LoadBalancer. */
const required: Selector<Annotation | undefined, Config> = (resources, { annotations }) =>
  Iterator.from(services(resources, undefined)).flatMap((service) =>
    Object.entries(annotations).map(([name, values]): Piece<Annotation | undefined> =>
      part(service, ["metadata", "annotations", name], (of) =>
        typeOf(of) === "LoadBalancer" ? { value: of.metadata?.annotations?.[name] ?? undefined, values } : undefined,
      ),
    ),
  );

export const requiredServiceAnnotations = resourcePolicy({
  name: "required-service-annotations",
  description:
    "Load balancers are told by annotations what this environment wants of them, such as to be reached from the cloud's own network alone",
  severity: "high",
  level: "mandatory",
  config: {
    annotations: z
      .record(z.string().min(1), z.array(z.string()))
      .default({})
      .describe(
        "Annotations that each Service of type LoadBalancer must have, with the values that are allowed; none: any value",
      ),
  },
  over: required,
  check(annotation) {
    if (annotation === undefined) return undefined;
    const { value, values } = annotation;
    if (values.length === 0 ? value !== undefined : values.some((each) => each === value)) return undefined;
    return {
      // What it is may be anything, a credential even.
      is: value === undefined ? "not set" : "set to another value",
      remedy: values.length === 0 ? "set it" : `set it to ${values.join(" or ")}`,
    };
  },
});
