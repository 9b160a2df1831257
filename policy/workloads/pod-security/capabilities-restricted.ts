import { containers, part, resourcePolicy, shown, type Container, type Selector } from "../../kit/index.ts";
import { addedCapabilities, type Added } from "./capabilities.ts";
import { fixWhere } from "./fix.ts";
import { isWindows } from "./windows.ts";

/** What a container drops, and each capability that it adds. */
const changes: Selector<Added | { readonly capability: undefined; readonly of: Container }> = (resources) => [
  ...Iterator.from(containers(resources, undefined)).map((piece) =>
    part(piece, ["securityContext", "capabilities", "drop"], (of) => ({ capability: undefined, of })),
  ),
  ...addedCapabilities(resources, undefined),
];

/** check_capabilities_restricted.go */
export const capabilitiesRestricted = resourcePolicy({
  name: "capabilities_restricted",
  description:
    "Containers must drop all capabilities and may add NET_BIND_SERVICE alone, as each of the others is a part of root's power",
  severity: "high",
  level: "mandatory",
  remediation:
    "Sets `capabilities.drop: [ALL]` where nothing is dropped and the container does not run as root, as such a process has no capabilities to lose",
  over: changes,
  check({ capability, of }) {
    if (capability === "NET_BIND_SERVICE") return undefined;
    if (capability !== undefined) {
      return isWindows(of.pod) ? undefined : { is: shown(capability), remedy: "add NET_BIND_SERVICE or nothing" };
    }
    const drop = of.container.securityContext?.capabilities?.drop ?? [];
    if (drop.includes("ALL") || isWindows(of.pod)) return undefined;
    return {
      is: drop.length === 0 ? shown(undefined) : drop.join(", "),
      remedy: "drop ALL",
      fix: fixWhere(() => drop.length === 0 && runsAsNonRoot(of), ["ALL"]),
    };
  },
});

function runsAsNonRoot({ container, pod }: Container): boolean {
  const { securityContext: own } = container;
  const { securityContext: inherited } = pod;
  const user = own?.runAsUser ?? inherited?.runAsUser ?? undefined;
  return user === undefined ? (own?.runAsNonRoot ?? inherited?.runAsNonRoot) === true : user !== 0;
}
