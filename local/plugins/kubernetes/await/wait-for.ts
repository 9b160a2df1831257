import type { ObjectEvent } from "../api/observe.ts";
import { annotations } from "../annotations.ts";
import {
  annotationOf,
  groupVersionKindOf,
  type KubernetesObject,
  listAt,
  nameOf,
  numberAt,
  textAt,
} from "../object.ts";
import { isPropertyArray, isPropertyMap, type PropertyValue } from "../../provider/index.ts";
import { compileJsonPath } from "./json-path.ts";
import { byName, type Readiness, type ReadinessArguments, type ReadinessFactory, type Source } from "./readiness.ts";

/** Whether an object meets an expression, and how to tell the user. */
type Expectation = (object: KubernetesObject) => { readonly met: boolean; readonly message: string };

/** What the annotation `pulumi.com/waitFor` of an object asks to wait for; undefined without one. Throws for one that cannot be read. */
export function waitForOf(object: KubernetesObject): ReadinessFactory | undefined {
  const text = annotationOf(object, annotations.waitFor);
  if (text === "") return undefined;
  const expressions = parseList(text);
  if (expressions.length === 0) throw new Error("at least one condition must be specified");
  const expectations = expressions.map(parseExpression);
  return (args) => new WaitFor(args, expectations);
}

/** One expression, or a JSON array of them. */
function parseList(text: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every((element) => typeof element === "string")) return list;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return [text];
}

function parseExpression(expression: string): Expectation {
  if (expression.startsWith("jsonpath=")) return parsePath(expression.slice("jsonpath=".length));
  if (expression.startsWith("condition=")) return parseCondition(expression.slice("condition=".length));
  throw new Error(`expected a "jsonpath=" or "condition=" prefix, got "${expression}"`);
}

/** `{.status.phase}=Running`, or without the value: anything at all. */
function parsePath(expression: string): Expectation {
  const [, path, wanted] = /^(\{[^}]*\})(?:=([^=]*))?$/.exec(expression) ?? [];
  if (path === undefined) throw new Error(`format should be {.path}=value or {.path}, got "${expression}"`);
  if (wanted === "") throw new Error(`${path}= requires a value`);
  const select = compileJsonPath(path.slice(1, -1).trim());
  return (object) => {
    const [value] = select(object);
    if (value === undefined) return { met: false, message: `${path} selected nothing` };
    const found = textOf(value, path, wanted);
    if (wanted === undefined || found === wanted) return { met: true, message: `Found ${expression}` };
    return { met: false, message: `Waiting for ${expression} (found "${found}")` };
  };
}

function textOf(value: PropertyValue, path: string, wanted: string | undefined): string {
  const compound = isPropertyMap(value) || isPropertyArray(value);
  if (compound && wanted !== undefined)
    throw new Error(`"${path}" has a non-primitive value (${JSON.stringify(value)})`);
  return compound ? "" : String(value);
}

/** `Ready`, or `Ready=False`; neither is case-sensitive. */
function parseCondition(expression: string): Expectation {
  const [type = "", wanted = "True"] = expression.split("=", 2);
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  return (object) => {
    const conditions = listAt(object, "status", "conditions");
    if (conditions.length === 0) return { met: false, message: "Has no .status.conditions" };
    const condition = conditions.find((candidate) => same(textAt(candidate, "type"), type));
    if (condition === undefined) return { met: false, message: `Waiting for condition ${type}=${wanted}` };
    const generation = numberAt(object, "metadata", "generation") ?? 0;
    const observed =
      numberAt(condition, "observedGeneration") ?? numberAt(object, "status", "observedGeneration") ?? generation;
    if (observed < generation)
      return { met: false, message: `Generation ${observed} is less than expected ${generation}` };
    const status = textAt(condition, "status");
    return {
      met: same(status, wanted),
      message: same(status, wanted)
        ? `Found ${type}=${wanted}`
        : `Resource has condition ${type}=${status} (want ${wanted})`,
    };
  };
}

class WaitFor implements Readiness {
  readonly sources: readonly Source[];
  object: KubernetesObject;
  readonly #args: ReadinessArguments;
  readonly #expectations: readonly Expectation[];

  constructor(args: ReadinessArguments, expectations: readonly Expectation[]) {
    this.#args = args;
    this.object = args.object;
    this.#expectations = expectations;
    this.sources = [{ kind: groupVersionKindOf(args.object), selector: byName(nameOf(args.object)) }];
  }

  observe({ type, object }: ObjectEvent): void {
    if (type !== "DELETED") this.object = object;
  }

  isReady(): boolean {
    const results = this.#expectations.map((expectation) => expectation(this.object));
    for (const { message } of results) this.#args.log.status("info", message);
    return results.every(({ met }) => met);
  }

  reasons(): readonly string[] {
    return this.#expectations
      .map((expectation) => expectation(this.object))
      .filter(({ met }) => !met)
      .map(({ message }) => message);
  }
}
