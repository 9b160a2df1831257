import { resourcePolicy } from "../../kit/index.ts";
import { isSet } from "../is-set.ts";
import { volumes } from "./volumes.ts";

/** check_hostPathVolumes.go; `restricted` has `restrictedVolumes` instead. */
export const hostPathVolumes = resourcePolicy({
  name: "hostPathVolumes",
  description:
    "Pods must not mount files of their node, as these are a way to its root; for where restrictedVolumes is disabled",
  severity: "critical",
  level: "disabled",
  over: volumes,
  check({ hostPath }) {
    return isSet(hostPath) ? { property: ["hostPath"], is: "used", remedy: "use another kind of volume" } : undefined;
  },
});
