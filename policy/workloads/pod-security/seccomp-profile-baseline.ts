import { resourcePolicy, shown } from "../../kit/index.ts";
import { isSet } from "../is-set.ts";
import { isConfining } from "./seccomp.ts";
import { securityContexts } from "./security-contexts.ts";

/** check_seccompProfile_baseline.go; `restricted` has `seccompProfile_restricted` instead. */
export const seccompProfileBaseline = resourcePolicy({
  name: "seccompProfile_baseline",
  description:
    "Pods must not turn off seccomp, as it keeps containers from rare and dangerous system calls; for where seccompProfile_restricted is disabled",
  severity: "critical",
  level: "disabled",
  over: securityContexts,
  check({ own }) {
    const profile = own?.seccompProfile;
    if (!isSet(profile) || isConfining(profile)) return undefined;
    return {
      property: ["seccompProfile", "type"],
      is: shown(profile.type),
      remedy: "leave it out or use RuntimeDefault",
    };
  },
});
