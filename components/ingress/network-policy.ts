import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { healthPort, metricsPort } from "./ports.ts";

/** Who may connect to the gateway pods, and where they may connect to, in a cluster whose network enforces NetworkPolicies. */
export interface NetworkPolicyOptions {
  /**
   * Whether there is one: the pods then take connections on the ports of the load balancer, for health and for metrics, and on no other; true by default. What more is to be let in, such as a Gateway's
   * port that the load balancer does not have, is said by further NetworkPolicies: they add up.
   */
  readonly enabled?: boolean;
  /** Namespaces whose pods may read the metrics; by default whoever reaches the pods may. */
  readonly metricsFrom?: readonly string[];
  /** CIDR blocks that the pods may open connections to: the API server, the cluster's DNS and every destination have to be in one; everywhere by default. */
  readonly egressTo?: readonly string[];
}

export interface NetworkPolicyArgs extends NetworkPolicyOptions {
  readonly metadata: k8s.types.input.meta.v1.ObjectMeta;
  /** Labels of the gateway pods. */
  readonly selector: Readonly<Record<string, string>>;
  /** Ports of the Service; a change of them changes the policy in place. */
  readonly ports: pulumi.Output<readonly { readonly targetPort: number }[]>;
}

/**
 * The NetworkPolicy of the gateway pods. The load balancer and its clients come from anywhere, and who of them may is the load balancer's to say (`sourceRanges`): policies see
 * addresses only after some load balancers have replaced them. Kubelet's probes are always let in (https://kubernetes.io/docs/concepts/services-networking/network-policies/).
 */
export function createNetworkPolicy(
  parent: pulumi.Resource,
  name: string,
  { metadata, selector, ports, metricsFrom, egressTo }: NetworkPolicyArgs,
): k8s.networking.v1.NetworkPolicy {
  const listeners = ports.apply((open) => open.map(({ targetPort }) => tcp(targetPort)));
  const egress = egressTo?.map((cidr) => ({ ipBlock: { cidr } }));
  return new k8s.networking.v1.NetworkPolicy(
    name,
    {
      metadata,
      spec: {
        podSelector: { matchLabels: { ...selector } },
        policyTypes: egress === undefined ? ["Ingress"] : ["Ingress", "Egress"],
        ingress: [
          { ports: listeners },
          { ports: [tcp(healthPort)] },
          {
            ports: [tcp(metricsPort)],
            ...(metricsFrom === undefined ? {} : { from: metricsFrom.map((namespace) => podsOf(namespace)) }),
          },
        ],
        ...(egress === undefined ? {} : { egress: [{ to: egress }] }),
      },
    },
    { parent },
  );
}

function tcp(port: number) {
  return { protocol: "TCP", port };
}

/** The label that every namespace has. */
function podsOf(namespace: string) {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } };
}
