import { resourcePolicy, shown } from "../../kit/index.ts";
import { isSet } from "../is-set.ts";
import { securityContexts } from "./security-contexts.ts";
import { relaxedByUserNamespace, version } from "./version.ts";

/** check_runAsNonRoot.go */
export const runAsNonRoot = resourcePolicy({
  name: "runAsNonRoot",
  description:
    "Containers must be held to run as another user than root, as root in a container has the rights of root on its node once it is out",
  severity: "high",
  level: "mandatory",
  config: { version },
  over: securityContexts,
  check({ of, own, pod }, { config }) {
    const value = own?.runAsNonRoot;
    if (value === true) return undefined;
    // Whatever the pod says holds for the container, and is judged where it stands.
    if (!isSet(value) && (of === "pod" || isSet(pod.securityContext?.runAsNonRoot))) return undefined;
    if (relaxedByUserNamespace(pod, config.version)) return undefined;
    return {
      property: ["runAsNonRoot"],
      is: shown(value),
      remedy: of === "pod" ? "set it to true" : "set it to true, here or for the whole pod",
    };
  },
});
