import { resourcePolicy, shown } from "../../kit/index.ts";
import { securityContexts } from "./security-contexts.ts";

/** check_windowsHostProcess.go */
export const windowsHostProcess = resourcePolicy({
  name: "windowsHostProcess",
  description: "Pods must not run as processes of a Windows node, as these have the node's own rights",
  severity: "critical",
  level: "mandatory",
  over: securityContexts,
  check({ own }) {
    const value = own?.windowsOptions?.hostProcess;
    return value === true
      ? { property: ["windowsOptions", "hostProcess"], is: shown(value), remedy: "leave it out" }
      : undefined;
  },
});
