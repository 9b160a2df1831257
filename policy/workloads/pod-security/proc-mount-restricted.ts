import { containers, resourcePolicy } from "../../kit/index.ts";
import { unmaskedProc } from "./proc-mount.ts";

/** check_procMount_restricted.go. Before v1.35, when `baseline` made no exception either, it was part of the check `procMount`. */
export const procMountRestricted = resourcePolicy({
  name: "procMount_restricted",
  description:
    "Containers must not see what a runtime hides in /proc, as it tells of the node and lets its kernel be changed",
  severity: "high",
  level: "mandatory",
  over: containers,
  check: unmaskedProc,
});
