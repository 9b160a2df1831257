import { resourcePolicy, shown } from "../../kit/index.ts";
import { securityContexts } from "./security-contexts.ts";
import { relaxedByUserNamespace, version } from "./version.ts";

/** check_runAsUser.go */
export const runAsUser = resourcePolicy({
  name: "runAsUser",
  description: "Pods and containers must not ask for user 0, as that is root",
  severity: "high",
  level: "mandatory",
  config: { version },
  over: securityContexts,
  check({ own, pod }, { config }) {
    const value = own?.runAsUser;
    if (value !== 0 || relaxedByUserNamespace(pod, config.version)) return undefined;
    return {
      property: ["runAsUser"],
      is: shown(value),
      remedy: "use another user, or leave it out and let the image name one",
    };
  },
});
