import { resourcePolicy, shown } from "../../kit/index.ts";
import { addedCapabilities } from "./capabilities.ts";

/** What a container runtime gives by default, except NET_RAW. */
const allowed: ReadonlySet<string> = new Set([
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
]);

/** check_capabilities_baseline.go; `restricted` has `capabilities_restricted` instead. */
export const capabilitiesBaseline = resourcePolicy({
  name: "capabilities_baseline",
  description:
    "Containers must not add capabilities beyond a runtime's default ones, as others reach the node; for where capabilities_restricted is disabled",
  severity: "critical",
  level: "disabled",
  over: addedCapabilities,
  check({ capability }) {
    return allowed.has(capability) ? undefined : { is: shown(capability), remedy: "do without it" };
  },
});
