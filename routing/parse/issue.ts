import type * as z from "zod";
import type { FieldPath } from "../objects.ts";
import { valueAt } from "./path.ts";

/** What is wrong with a field, with what was found there: `expected an integer, found "abc"`. */
export function describeIssue(issue: z.core.$ZodIssue, input: unknown, path: FieldPath): string {
  const found = valueAt(input, path);
  if (found === undefined) return "is missing";
  return `${expectation(issue)}, found ${abbreviate(found)}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `expected ${withArticle(issue.expected)}`;
    case "invalid_value":
      return `expected one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `expected ${unit(issue.origin)}${issue.minimum} or more`;
    case "too_big":
      return `expected ${unit(issue.origin)}${issue.maximum} or less`;
    default:
      return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  }
}

function withArticle(type: string): string {
  if (type === "int") return "an integer";
  if (type === "record") return "an object";
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function unit(origin: string): string {
  if (origin === "string") return "a length of ";
  if (origin === "array" || origin === "set") return "a number of items of ";
  return "";
}

const limit = 80;

function abbreviate(value: unknown): string {
  const text = serialize(value);
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

/** YAML's anchors let a value contain itself, which JSON cannot say. */
function serialize(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "a value that contains itself";
  }
}
