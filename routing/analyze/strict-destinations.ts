import { messageOf } from "../catalogue.ts";
import type { Objects, PeerAuthentication, Service } from "../objects.ts";
import { about, resourceName } from "../resolve/about.ts";
import { resolveHostPort } from "../resolve/destination.ts";
import { rootNamespace } from "../resolve/destination-rule.ts";
import { selects } from "../selector.ts";
import type { Analyzer } from "./analyzer.ts";
import { declaredDestinations } from "./rules.ts";

/** TCP0017: a destination whose sidecars, by a real Istio's PeerAuthentication, take nothing but the mesh's own mutual TLS. */
export const strictDestinations: Analyzer = {
  subject: "mutual TLS of a real Istio",
  concerns: () => true,
  needs: [],
  *check(objects) {
    if (objects.peerAuthentications.length === 0) return;
    for (const { virtualService, destination, path } of declaredDestinations(objects)) {
      const resolved = resolveHostPort(objects, destination, virtualService.metadata.namespace);
      if ("kind" in resolved || resolved.owner.kind !== "Service") continue;
      const strict = strictPolicy(objects, resolved.owner.service);
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
function strictPolicy(objects: Objects, { metadata, spec }: Service): PeerAuthentication | undefined {
  const policies = objects.peerAuthentications.filter(({ spec: { mtls } }) => (mtls?.mode ?? "UNSET") !== "UNSET");
  const isGeneral = (policy: PeerAuthentication) => Object.keys(policy.spec.selector?.matchLabels ?? {}).length === 0;
  const local = policies.filter((policy) => policy.metadata.namespace === metadata.namespace);
  const narrow = local.find(
    (policy) => !isGeneral(policy) && selects(policy.spec.selector?.matchLabels, spec.selector ?? {}),
  );
  const holds =
    narrow ??
    local.find(isGeneral) ??
    policies.find((policy) => policy.metadata.namespace === rootNamespace && isGeneral(policy));
  return holds?.spec.mtls?.mode === "STRICT" ? holds : undefined;
}
