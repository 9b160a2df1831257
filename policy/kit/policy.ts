import type {
  EnforcementLevel,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import type * as z from "zod";
import type { FieldPath } from "../../routing/objects.ts";
import { configSchema, pulumiSchema, readConfig, type ConfigOf, type ConfigShape } from "./config.ts";
import { findingMessage, undecidedMessage, type Finding } from "./finding.ts";
import type { Piece, Selector } from "./piece.ts";
import { resourcesOf, type Resource } from "./resource.ts";
import { decide } from "./unknown.ts";

/** What a policy says of itself. */
export interface Declaration<T, S extends ConfigShape> {
  /** Unique and stable: configs name the policy by it. */
  readonly name: string;
  /** What has to be, and why. */
  readonly description: string;
  readonly severity: Severity;
  /** What a violation does unless the stack's policy config says otherwise. */
  readonly level: EnforcementLevel;
  /** The keys of its config, as zod schemas with `default` and `describe`. `severity` and `enforcementLevel` are there without. */
  readonly config?: S;
  /** What it judges, one at a time. */
  readonly over: Selector<T, ConfigOf<S>>;
  /** Judges one piece, by plain reading. Where it reads what a preview can't know, this piece alone is left undecided, and reported so. */
  check(piece: T, context: Context<S>): Finding | undefined;
  /** What the level `remediate` changes; left out where a policy changes nothing. Each finding's `fix` is then set. */
  readonly remediation?: string;
}

/** What else a check may look at. */
export interface Context<S extends ConfigShape> {
  readonly config: ConfigOf<S>;
  /** Whose piece it is; undefined: the stack's as a whole. */
  readonly resource: Resource | undefined;
  /** In a stack policy all resources that are judged together, else the one that the piece is of. */
  readonly resources: readonly Resource[];
}

/** A policy of the pack. */
export interface Policy {
  readonly name: string;
  readonly description: string;
  readonly severity: Severity;
  readonly level: EnforcementLevel;
  readonly remediation: string | undefined;
  /** The schema of its config, `severity` included. */
  readonly config: z.ZodType;
  /** What Pulumi runs. */
  readonly pulumi: ResourceValidationPolicy | StackValidationPolicy;
}

/** A policy that judges each resource by itself, before it is created or changed. */
export function resourcePolicy<T, S extends ConfigShape = Record<never, never>>(
  declaration: Declaration<T, S>,
): Policy {
  const { policy, judge, findings } = define(declaration, "it is judged before the resource is created or changed");
  return {
    ...policy,
    pulumi: {
      ...policy.pulumi,
      validateResource: (args, report) => {
        if (judge([resourcesOf(args)], args.getConfig(), report) === 0) args.notApplicable("Nothing of it is judged");
      },
      ...(declaration.remediation === undefined
        ? {}
        : { remediateResource: (args) => remediate(args, findings(resourcesOf(args), args.getConfig())) }),
    },
  };
}

/** What a policy of a stack says of itself. */
export interface StackDeclaration<T, S extends ConfigShape> extends Omit<Declaration<T, S>, "remediation"> {
  /** What `over` and `check` are given together: what goes to one cluster (the default), since objects of two have nothing to do with each other; or all of the stack. */
  readonly together?: "cluster" | "stack";
}

/** A policy that judges the resources of a stack together, at the end of a preview or an update. */
export function stackPolicy<T, S extends ConfigShape = Record<never, never>>(
  declaration: StackDeclaration<T, S>,
): Policy {
  const { policy, judge } = define(declaration, "it is judged at the end of the update");
  const sets = (resources: readonly Resource[]) =>
    declaration.together === "stack" ? [resources] : Map.groupBy(resources, ({ cluster }) => cluster).values();
  return {
    ...policy,
    pulumi: {
      ...policy.pulumi,
      validateStack: (args, report) => {
        if (judge(sets(args.resources.flatMap(resourcesOf)), args.getConfig(), report) === 0) {
          args.notApplicable("The stack has nothing that is judged");
        }
      },
    },
  };
}

/** What both kinds of policies have in common. */
function define<T, S extends ConfigShape>(declaration: Declaration<T, S>, decidedBy: string) {
  const { name, description, severity, level, remediation, over, check } = declaration;
  const config = configSchema(declaration.config ?? {}, severity);
  const read = (values: unknown) => {
    const { severity: configured, ...own } = readConfig(name, config, values);
    return { severity: configured, own: own as ConfigOf<S> };
  };
  const decisions = (resources: readonly Resource[], own: ConfigOf<S>) =>
    Iterator.from(over(resources, own)).map((piece) => ({
      piece,
      decision: decide(() => check(piece.read(), { config: own, resource: piece.resource, resources })),
    }));

  return {
    policy: {
      name,
      description,
      severity,
      level,
      remediation,
      config,
      pulumi: {
        name,
        description,
        severity,
        enforcementLevel: level,
        configSchema: pulumiSchema(config),
        ...(remediation === undefined ? {} : { remediationSteps: remediation }),
      },
    },

    /** Reports what is wrong and what is undecided, and tells how many pieces there were. */
    judge(sets: Iterable<readonly Resource[]>, values: unknown, report: ReportViolation): number {
      const { severity: configured, own } = read(values);
      const told = new Set<string>();
      let count = 0;
      for (const { piece, decision } of Iterator.from(sets).flatMap((resources) => decisions(resources, own))) {
        count += 1;
        const urn = piece.resource?.urn;
        if ("unknown" in decision) {
          const message = undecidedMessage(piece, decision.unknown, decidedBy);
          if (!told.has(message))
            reportAs(report, { message, urn, severity: configured, enforcementLevel: "advisory" });
          told.add(message);
        } else if ("value" in decision && decision.value !== undefined) {
          const message = `${description}\n${findingMessage(piece, decision.value)}`;
          reportAs(report, { message, urn, severity: configured });
        }
      }
      return count;
    },

    /** What is wrong, for remediation: what is undecided is told when the outcome is judged. */
    *findings(resources: readonly Resource[], values: unknown): Generator<[Piece<T>, Finding]> {
      for (const { piece, decision } of decisions(resources, read(values).own)) {
        if ("value" in decision && decision.value !== undefined) yield [piece, decision.value];
      }
    },
  };
}

/** What @pulumi/policy takes instead of a text, although it publishes no type for it (makeReportViolationFun in its server.js). */
interface Violation {
  readonly message: string;
  readonly urn: string | undefined;
  readonly severity: Severity;
  readonly enforcementLevel?: EnforcementLevel;
}

function reportAs(report: ReportViolation, violation: Violation): void {
  (report as unknown as (violation: Violation) => void)(violation);
}

/**
 * Sets what findings want, in place: values that can't be known yet and secrets stay what they are.
 * @returns the resource's properties, or undefined where nothing was to be changed
 */
function remediate<T>(
  { props }: ResourceValidationArgs,
  findings: Iterable<[Piece<T>, Finding]>,
): Record<string, unknown> | undefined {
  let changed = false;
  // A change must not lead the search for the next one.
  for (const [{ resource, path }, { property = [], fix }] of [...findings]) {
    if (fix === undefined || (resource?.patch ?? true)) continue;
    setAt(props, [...path, ...property], fix);
    changed = true;
  }
  return changed ? props : undefined;
}

function setAt(root: Record<string, unknown>, path: FieldPath, value: unknown): void {
  const last = path.at(-1);
  if (last === undefined) throw new Error("A fix has to name the property that it sets");
  let current = root as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) {
    if (typeof current[step] !== "object" || current[step] === null) current[step] = {};
    current = current[step] as Record<string | number, unknown>;
  }
  current[last] = value;
}
