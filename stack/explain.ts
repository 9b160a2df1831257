import type * as z from "zod";

type Issue = z.core.$ZodIssue;

/** What is wrong with a configuration, one line for each value: its key, what it is and what it may be. */
export function explain(error: z.ZodError, project: string): string[] {
  return error.issues.map((issue) => `${keyOf(project, issue.path)} ${reason(issue)}`);
}

/** A path as `pulumi config set --path` takes it: `tcp-ingress:listeners[0].port`. */
export function keyOf(project: string, path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      const name = String(step);
      if (index === 0) return `${project}:${name}`;
      return /^[\w-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
    })
    .join("");
}

function reason(issue: Issue): string {
  if (issue.code === "unrecognized_keys") {
    return `has no ${issue.keys.map((key) => JSON.stringify(key)).join(" and ")} (docs/configuration.md lists what it may have)`;
  }
  const value = issue.input === undefined ? "is missing" : `is ${JSON.stringify(issue.input)}`;
  return `${value} and must be ${expectation(issue)}`;
}

const nouns: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return nouns[issue.expected] ?? issue.expected;
    case "invalid_value":
      return anyOf(issue.values.map(String));
    case "too_small":
      return issue.origin === "string" ? "set" : `at least ${issue.minimum}`;
    case "too_big":
      return issue.origin === "string" ? `at most ${issue.maximum} characters long` : `at most ${issue.maximum}`;
    case "invalid_key":
      return `an object whose keys are ${issue.issues.map(({ message }) => message).join(", ")}`;
    default:
      return issue.message;
  }
}

/** `a, b or c` */
export function anyOf(values: readonly string[]): string {
  const last = values.at(-1) ?? "nothing";
  return values.length < 2 ? last : `${values.slice(0, -1).join(", ")} or ${last}`;
}
