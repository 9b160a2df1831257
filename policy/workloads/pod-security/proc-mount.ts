import { containers, resourcePolicy, shown, type Container, type Finding } from "../../kit/index.ts";
import { relaxedByUserNamespace, version } from "./version.ts";

/** What both profiles have against a container. */
export function unmaskedProc({ container }: Container): Finding | undefined {
  const value = container.securityContext?.procMount ?? "Default";
  if (value === "Default") return undefined;
  return { property: ["securityContext", "procMount"], is: shown(value), remedy: "leave it out" };
}

/** check_procMount_baseline.go; `restricted` has `procMount_restricted` instead. */
export const procMount = resourcePolicy({
  name: "procMount",
  description:
    "Containers must not see what a runtime hides in /proc, unless they are in a user namespace; for where procMount_restricted is disabled",
  severity: "critical",
  level: "disabled",
  config: { version },
  over: containers,
  check(container, { config }) {
    const finding = unmaskedProc(container);
    return finding === undefined || relaxedByUserNamespace(container.pod, config.version) ? undefined : finding;
  },
});
