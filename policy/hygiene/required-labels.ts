import * as z from "zod";
import { allObjects, matchesAny, part, resourcePolicy, type Piece, type Selector } from "../kit/index.ts";

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const labelValue = z
  .string()
  .max(63)
  .regex(/^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/, "a label's value: letters, digits, -, _ and .");

const rule = z
  .strictObject({
    values: z
      .array(z.string())
      .default([])
      .describe("Values that it may have, `*` standing for anything; none: any value"),
    default: labelValue.optional().describe("What the level `remediate` gives to an object without it"),
  })
  .refine(
    ({ values, default: value }) => value === undefined || values.length === 0 || matchesAny(values, value),
    "with a default that is among its values",
  );

interface Config {
  readonly kinds: readonly string[];
  readonly labels: Readonly<Record<string, z.output<typeof rule>>>;
}

interface Label {
  /** Empty where there is none. */
  readonly value: string;
  readonly rule: z.output<typeof rule>;
}

/** Each label that is required, of each object that has to have it. */
const labels: Selector<Label, Config> = (resources, { kinds, labels }) =>
  Iterator.from(allObjects(resources, undefined))
    .filter(({ resource }) => matchesAny(kinds, resource?.kind ?? ""))
    .flatMap((object) =>
      Object.entries(labels).map(([name, rule]): Piece<Label> =>
        part(object, ["metadata", "labels", name], ({ metadata }) => ({ value: metadata?.labels?.[name] ?? "", rule })),
      ),
    );

export const requiredLabels = resourcePolicy({
  name: "required-labels",
  description:
    "Objects have labels that tell whose they are and what they are for, or nobody knows whom to ask and what to bill",
  severity: "low",
  level: "mandatory",
  remediation:
    "Adds the labels that are missing and have a default, to the objects alone: never to selectors and the labels of pods",
  config: {
    labels: z
      .record(z.string().min(1), rule)
      .default({})
      .describe('Labels that objects must have: `{ "team": { "values": ["pay-*"], "default": "pay-core" } }`'),
    kinds: z
      .array(z.string().min(1))
      .default(["*"])
      .describe(
        "Kinds of the objects, with their API group unless that is the core one (`apps/Deployment`); `*` stands for anything",
      ),
  },
  over: labels,
  check({ value, rule: { values, default: fix } }) {
    const missing = value === "";
    if (!missing && (values.length === 0 || matchesAny(values, value))) return undefined;
    return {
      is: missing ? "not set" : value,
      remedy: values.length === 0 ? "set it" : `set it to ${values.join(" or ")}`,
      ...(missing && fix !== undefined ? { fix } : {}),
    };
  },
});
