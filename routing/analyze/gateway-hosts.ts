import { messageOf } from "../catalogue.ts";
import { sharesHost } from "../compile/bindings.ts";
import { meshGateway, parseServerHost } from "../host.ts";
import type { View } from "../incremental/view.ts";
import { about, displayName } from "../resolve/about.ts";
import { gatewayKey, isInternalGateway } from "../resolve/gateway-names.ts";
import type { Analyzer } from "./analyzer.ts";

/** IST0132: none of a VirtualService's hosts is one of a Gateway's that it lists. */
export const gatewayHosts: Analyzer<"VirtualService"> = {
  subject: "the hosts of VirtualServices",
  kind: "VirtualService",
  needs: [],
  looksUp: ["Gateway"],
  *check(virtualService, view) {
    const { metadata, spec } = virtualService;
    for (const [index, name] of (spec.gateways ?? []).entries()) {
      if (name === meshGateway || isInternalGateway(name)) continue;
      const key = gatewayKey(name, metadata.namespace);
      if (sharesHost(virtualService, { hosts: hostsOf(view, key) })) continue;
      const shown = name.includes("/") || virtualService.origin.namespaceImplied ? name : key;
      yield messageOf(
        "IST0132",
        about(virtualService, ["spec", "gateways", index]),
        `one or more host [${(spec.hosts ?? []).join(" ")}] defined in VirtualService ${displayName(virtualService)} not found in Gateway ${shown}.`,
      );
    }
  },
};

/** All hosts of all servers; a Gateway that does not exist has none, which Istio says as well. */
function hostsOf(view: View, key: string): ReturnType<typeof parseServerHost>[] {
  const slash = key.indexOf("/");
  const gateway = view.get("Gateway", key.slice(0, slash), key.slice(slash + 1));
  if (gateway === undefined) return [];
  return gateway.spec.servers.flatMap(({ hosts }) =>
    hosts.map((host) => parseServerHost(host, gateway.metadata.namespace)),
  );
}
