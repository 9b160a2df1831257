import { resourcePolicy, shown } from "../../kit/index.ts";
import { isSet } from "../is-set.ts";
import { isConfining } from "./seccomp.ts";
import { securityContexts } from "./security-contexts.ts";
import { isWindows } from "./windows.ts";

/** check_seccompProfile_restricted.go */
export const seccompProfileRestricted = resourcePolicy({
  name: "seccompProfile_restricted",
  description:
    "Containers must have a seccomp profile, as without one they may use every system call, rare and dangerous ones too",
  severity: "high",
  level: "mandatory",
  remediation:
    "Sets `seccompProfile.type: RuntimeDefault` for containers that have no profile, of their own or by their pod",
  over: securityContexts,
  check({ of, own, pod }) {
    const profile = own?.seccompProfile;
    if (isSet(profile) && isConfining(profile)) return undefined;
    // Whatever the pod says holds for the container, and is judged where it stands.
    if (!isSet(profile) && (of === "pod" || isSet(pod.securityContext?.seccompProfile))) return undefined;
    if (isWindows(pod)) return undefined;
    return {
      property: ["seccompProfile", "type"],
      is: shown(profile?.type),
      remedy: of === "pod" ? "set it to RuntimeDefault" : "set it to RuntimeDefault, here or for the whole pod",
      fix: isSet(profile) ? undefined : "RuntimeDefault",
    };
  },
});
