import { containers, resourcePolicy, shown } from "../../kit/index.ts";
import { isSet } from "../is-set.ts";
import { fixWhere } from "./fix.ts";
import { isWindows } from "./windows.ts";

/** check_allowPrivilegeEscalation.go */
export const allowPrivilegeEscalation = resourcePolicy({
  name: "allowPrivilegeEscalation",
  description:
    "Containers must not let processes gain more privileges than their parent has, as a setuid program is a way to root",
  severity: "high",
  level: "mandatory",
  remediation:
    "Sets `allowPrivilegeEscalation: false` where nothing is set, unless the container is privileged or adds SYS_ADMIN, with which the API server refuses it",
  over: containers,
  check({ container, pod }) {
    const settings = container.securityContext;
    const value = settings?.allowPrivilegeEscalation;
    if (value === false || isWindows(pod)) return undefined;
    const fix = fixWhere(
      () =>
        !isSet(value) &&
        settings?.privileged !== true &&
        !(settings?.capabilities?.add ?? []).some((name) => /^(CAP_)?SYS_ADMIN$/.test(name)),
      false,
    );
    return {
      property: ["securityContext", "allowPrivilegeEscalation"],
      is: shown(value),
      remedy: "set it to false",
      fix,
    };
  },
});
