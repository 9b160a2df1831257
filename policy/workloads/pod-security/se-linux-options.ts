import { part, resourcePolicy, shown, type Selector } from "../../kit/index.ts";
import { securityContexts } from "./security-contexts.ts";
import { since, version } from "./version.ts";

const fields = ["type", "user", "role"] as const;

const options: Selector<readonly [field: (typeof fields)[number], value: string | undefined]> = (resources) =>
  Iterator.from(securityContexts(resources, undefined)).flatMap((piece) =>
    fields.map((field) =>
      part(piece, ["seLinuxOptions", field], ({ own }) => [field, own?.seLinuxOptions?.[field]] as const),
    ),
  );

const types = ["container_t", "container_init_t", "container_kvm_t"];

/** check_seLinuxOptions.go */
export const seLinuxOptions = resourcePolicy({
  name: "seLinuxOptions",
  description:
    "Pods must keep to SELinux types for containers and set no user or role, as others are not held back from the node",
  severity: "critical",
  level: "mandatory",
  config: { version },
  over: options,
  check([field, value], { config }) {
    if ((value ?? "") === "") return undefined;
    if (field !== "type") return { is: shown(value), remedy: "leave it out" };
    const allowed = since(config.version, 31) ? [...types, "container_engine_t"] : types;
    if (allowed.includes(value ?? "")) return undefined;
    return { is: shown(value), remedy: `leave it out or use one of ${allowed.join(", ")}` };
  },
});
