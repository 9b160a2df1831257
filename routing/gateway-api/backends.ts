/** What becomes of each of a route's backends. */
import { serviceHost } from "../host.ts";
import type { Destination } from "../resolve/destination.ts";
import { refusedHost } from "../resolve/refused.ts";
import type { Route } from "./attachment.ts";
import type { Finding } from "./finding.ts";
import { isPermitted } from "./grants.ts";
import type { View } from "../incremental/view.ts";

export interface BackendState {
  /** Place in `spec.rules[0].backendRefs`. */
  readonly index: number;
  /** Where its connections go; to nobody where it may not be used. */
  readonly destination: Destination;
  readonly weight: number;
  /** Why it may not be used. Whether its Service exists is asked where all destinations are. */
  readonly finding: Finding | undefined;
}

/** The backends of the first rule: rules have no matches, so that no other one is ever used. */
export function backendStates(route: Route, view: View): BackendState[] {
  const { namespace: own } = route.metadata;
  return (route.spec.rules[0]?.backendRefs ?? []).map((ref, index) => {
    const { group = "", kind = "Service", name, namespace = own, port, weight = 1 } = ref;
    const refused = (code: Finding["code"], field: string, reason: string, text: string): BackendState => ({
      index,
      destination: { host: refusedHost(`${name}.${namespace}`), ...(port !== undefined && { port: { number: port } }) },
      weight,
      finding: {
        code,
        path: ["spec", "rules", 0, "backendRefs", index, field],
        text,
        condition: { type: "ResolvedRefs", reason },
      },
    });
    if (group !== "" || kind !== "Service" || port === undefined) {
      const text = `${kind} ${name} is no backend that is served here and its share of the connections is refused. Refer to a Service`;
      return refused("TCP0035", group === "" ? "kind" : "group", "InvalidKind", text);
    }
    if (!isPermitted(route, { group, kind, namespace, name }, view)) {
      const text = `Service ${namespace}/${name} may not be used from namespace ${own} and its share of the connections is refused. Add a ReferenceGrant in namespace ${namespace} from ${route.kind}s of ${own} to the Service`;
      return refused("TCP0034", "namespace", "RefNotPermitted", text);
    }
    // Such a Service leads anywhere, past every ReferenceGrant (CVE-2021-25740): the Gateway API advises against it.
    if (view.get("Service", namespace, name)?.spec.type === "ExternalName") {
      const text = `Service ${namespace}/${name} is of type ExternalName and its share of the connections is refused, as it could lead around a ReferenceGrant. Refer to a Service of another type, or use a VirtualService`;
      return refused("TCP0035", "name", "UnsupportedValue", text);
    }
    const host = serviceHost({ metadata: { name, namespace } });
    return { index, destination: { host, port: { number: port } }, weight, finding: undefined };
  });
}

/** What is wrong with a route's rules as such. */
export function ruleFindings(route: Route): Finding[] {
  const [first, ...others] = route.spec.rules;
  const found = others.map((_, at): Finding => ({
    code: "TCP0018",
    path: ["spec", "rules", at + 1],
    text: `rules[${at + 1}] gets no connection as rules[0] comes first and takes them all. Make it a ${route.kind} of its own`,
  }));
  if (first?.backendRefs.every(({ weight }) => weight === 0) === true) {
    found.push({
      code: "TCP0007",
      level: "Warning",
      path: ["spec", "rules", 0, "backendRefs"],
      text: "All connections are refused as all backends have weight 0. Give one of them a weight above 0",
    });
  }
  return found;
}
