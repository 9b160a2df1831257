import { containers, resourcePolicy, shown } from "../kit/index.ts";
import { isWindows } from "./pod-security/windows.ts";

/** Not remediated: a program that writes next to its files would end. */
export const readOnlyRootFilesystem = resourcePolicy({
  name: "read-only-root-filesystem",
  description:
    "Containers must have a read-only root file system, as what breaks in can then neither change programs nor bring its own",
  severity: "medium",
  level: "mandatory",
  over: containers,
  check({ container, pod }) {
    const value = container.securityContext?.readOnlyRootFilesystem;
    if (value === true || isWindows(pod)) return undefined;
    return {
      property: ["securityContext", "readOnlyRootFilesystem"],
      is: shown(value),
      remedy: "set it to true and mount an emptyDir where the program writes",
    };
  },
});
