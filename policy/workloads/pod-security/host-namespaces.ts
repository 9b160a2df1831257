import { podFields, resourcePolicy, shown } from "../../kit/index.ts";

/** check_hostNamespaces.go */
export const hostNamespaces = resourcePolicy({
  name: "hostNamespaces",
  description:
    "Pods must not share the network, the processes or the IPC of their node, as they could watch and change what others do there",
  severity: "critical",
  level: "mandatory",
  over: podFields("hostNetwork", "hostPID", "hostIPC"),
  check([, value]) {
    return value === true ? { is: shown(value), remedy: "leave it out" } : undefined;
  },
});
