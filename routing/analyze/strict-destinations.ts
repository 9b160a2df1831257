import { messageOf } from "../catalogue.ts";
import type { View } from "../incremental/view.ts";
import type { PeerAuthentication, Service } from "../objects.ts";
import { about, resourceName } from "../resolve/about.ts";
import { resolveHostPort } from "../resolve/destination.ts";
import { rootNamespace } from "../resolve/destination-rule.ts";
import { peerAuthenticationsByNamespace } from "../resolve/object-index.ts";
import { selects } from "../selector.ts";
import type { Analyzer } from "./analyzer.ts";
import { declaredDestinations } from "./rules.ts";

/** TCP0017: a destination whose sidecars, by a real Istio's PeerAuthentication, take nothing but the mesh's own mutual TLS. */
export const strictDestinations: Analyzer<"VirtualService"> = {
  subject: "mutual TLS of a real Istio",
  kind: "VirtualService",
  needs: [],
  *check(virtualService, view) {
    if (!view.has("PeerAuthentication")) return;
    for (const { destination, path } of declaredDestinations(virtualService)) {
      const resolved = resolveHostPort(view, destination, virtualService.metadata.namespace);
      if ("kind" in resolved || resolved.owner.kind !== "Service") continue;
      const strict = strictPolicy(view, resolved.owner.service);
      if (strict === undefined) continue;
      yield messageOf(
        "TCP0017",
        about(virtualService, [...path, "destination", "host"]),
        `${destination.host} takes nothing but mutual TLS of the mesh as ${resourceName(strict)} is STRICT, and this gateway is no part of the mesh. Make it PERMISSIVE for the destination's port`,
      );
    }
  },
};

/** The narrowest policy that says anything: of the workload, of its namespace, of the mesh (peer-authentication reference). */
function strictPolicy(view: View, { metadata, spec }: Service): PeerAuthentication | undefined {
  const local = decidedPolicies(view, metadata.namespace);
  const holds =
    local.find((policy) => !isGeneral(policy) && selects(policy.spec.selector?.matchLabels, spec.selector ?? {})) ??
    local.find(isGeneral) ??
    decidedPolicies(view, rootNamespace).find(isGeneral);
  return holds?.spec.mtls?.mode === "STRICT" ? holds : undefined;
}

function decidedPolicies(view: View, namespace: string): PeerAuthentication[] {
  return view
    .find(peerAuthenticationsByNamespace, namespace)
    .filter(({ spec: { mtls } }) => (mtls?.mode ?? "UNSET") !== "UNSET");
}

function isGeneral({ spec }: PeerAuthentication): boolean {
  return Object.keys(spec.selector?.matchLabels ?? {}).length === 0;
}
