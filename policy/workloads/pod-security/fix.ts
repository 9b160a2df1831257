import { decide } from "../../kit/index.ts";

/** The value to remediate with, where that is known to break nothing: what a preview can't know of the reasons must not hide what is wrong. */
export function fixWhere<T>(safe: () => boolean, value: T): T | undefined {
  const decision = decide(safe);
  return "value" in decision && decision.value ? value : undefined;
}
