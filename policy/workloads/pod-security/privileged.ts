import { containers, resourcePolicy, shown } from "../../kit/index.ts";

/** check_privileged.go */
export const privileged = resourcePolicy({
  name: "privileged",
  description: "Containers must not be privileged, as such a container is root on its node",
  severity: "critical",
  level: "mandatory",
  over: containers,
  check({ container }) {
    const value = container.securityContext?.privileged;
    if (value !== true) return undefined;
    return { property: ["securityContext", "privileged"], is: shown(value), remedy: "leave it out" };
  },
});
