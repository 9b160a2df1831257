import { messageOf } from "../catalogue.ts";
import type { View } from "../incremental/view.ts";
import type { PeerAuthentication, Service } from "../objects.ts";
import { about, resourceName } from "../resolve/about.ts";
import { resolveHostPort, resolveSubset } from "../resolve/destination.ts";
import { rootNamespace } from "../resolve/destination-rule.ts";
import { peerAuthenticationsByNamespace } from "../resolve/object-index.ts";
import { selects } from "../selector.ts";
import type { Analyzer } from "./analyzer.ts";
import { hasProxy } from "./injection.ts";
import { podsWith } from "./pod-templates.ts";
import { declaredDestinations } from "./rules.ts";
import { withoutTopology } from "./subsets.ts";

type Labels = Readonly<Record<string, string>>;

/** TCP0017: a destination whose sidecars, by a real Istio's PeerAuthentication, take nothing but the mesh's own mutual TLS. */
export const strictDestinations: Analyzer<"VirtualService"> = {
  subject: "mutual TLS of a real Istio",
  kind: "VirtualService",
  needs: [],
  *check(virtualService, view) {
    if (!view.has("PeerAuthentication")) return;
    const { namespace } = virtualService.metadata;
    for (const { destination, path } of declaredDestinations(virtualService)) {
      const resolved = resolveHostPort(view, destination, namespace);
      if ("kind" in resolved || resolved.owner.kind !== "Service") continue;
      const { service } = resolved.owner;
      const policy = resolveSubset(view, destination, namespace);
      const subsetLabels = "kind" in policy ? {} : (policy.subset?.labels ?? {});
      const selector = { ...service.spec.selector, ...withoutTopology(subsetLabels) };
      const strict = workloads(view, service, selector, resolved.port)
        .map(({ labels, port }) => strictPolicy(view, service.metadata.namespace, labels, port))
        .find((found) => found !== undefined);
      if (strict === undefined) continue;
      yield messageOf(
        "TCP0017",
        about(virtualService, [...path, "destination", "host"]),
        `${destination.host} takes nothing but mutual TLS of the mesh as ${resourceName(strict)} is STRICT, and this gateway is no part of the mesh. Make it PERMISSIVE for the destination's port`,
      );
    }
  },
};

interface MeshWorkload {
  readonly labels: Labels;
  /** That the container listens on; undefined where only its name is known. */
  readonly port: number | undefined;
}

/** The pods behind a Service's port that may have a sidecar, or, where none is known, one with the labels that the Service asks for. */
function workloads(view: View, service: Service, selector: Labels, port: number): MeshWorkload[] {
  const declared = service.spec.ports?.find((candidate) => candidate.port === port);
  const target = declared?.targetPort ?? port;
  const number = typeof target === "number" ? target : undefined;
  const pods = Object.keys(selector).length === 0 ? [] : podsWith(view, selector, service.metadata.namespace);
  if (pods.length === 0) return [{ labels: selector, port: number }];
  return pods.flatMap(({ owner, labels }) => {
    const spec = owner.kind === "Pod" ? owner.spec : owner.spec.template.spec;
    const containers = spec?.containers ?? [];
    const isKnown = owner.kind === "Pod" && containers.length > 0;
    if (isKnown && !hasProxy(containers) && !hasProxy(spec?.initContainers) && !isAmbient(owner.metadata.annotations)) {
      return [];
    }
    const named = containers.flatMap(({ ports }) => ports ?? []).find(({ name }) => name === target);
    return [{ labels, port: number ?? named?.containerPort }];
  });
}

function isAmbient(annotations: Labels): boolean {
  return annotations["ambient.istio.io/redirection"] === "enabled";
}

/**
 * The policy that makes a workload's port STRICT, if any does. The narrowest one holds: of the port, the workload, its namespace, the mesh; of several the oldest; UNSET
 * leaves it to the wider one (peer-authentication reference; Istio's ComposePeerAuthentication). Only a policy with a selector has ports, which are the workload's own.
 */
function strictPolicy(
  view: View,
  namespace: string,
  labels: Labels,
  port: number | undefined,
): PeerAuthentication | undefined {
  const local = view.find(peerAuthenticationsByNamespace, namespace);
  const isMesh = namespace === rootNamespace;
  const own = isMesh
    ? undefined
    : local.find((policy) => !isGeneral(policy) && selects(policy.spec.selector?.matchLabels, labels));
  const ofPort = own?.spec.portLevelMtls?.[String(port)]?.mode ?? "UNSET";
  if (ofPort !== "UNSET") return ofPort === "STRICT" ? own : undefined;
  const wider = [
    own,
    isMesh ? undefined : local.find(isGeneral),
    view.find(peerAuthenticationsByNamespace, rootNamespace).find(isGeneral),
  ];
  const holds = wider.find((policy) => (policy?.spec.mtls?.mode ?? "UNSET") !== "UNSET");
  return holds?.spec.mtls?.mode === "STRICT" ? holds : undefined;
}

function isGeneral({ spec }: PeerAuthentication): boolean {
  return Object.keys(spec.selector?.matchLabels ?? {}).length === 0;
}
