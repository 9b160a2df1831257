import * as pulumi from "@pulumi/pulumi";
import { defaultSelector } from "../components/index.ts";
import type { StackConfig } from "./config.ts";

/** What depends on whether a real Istio shares the cluster. */
export interface Coexistence {
  /** Labels of the gateway pods, by which Gateways select them. */
  readonly selector: Readonly<Record<string, string>>;
  /** What the ingress gateway is told of it. */
  readonly coexist: "separate" | "none";
  /** Labels for the namespace. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** Labels for the pods of the sample workload. */
  readonly podLabels: Readonly<Record<string, string>>;
}

/** Keeps out of a real Istio's way, where `coexist` is `separate`: no Gateway is served twice, and no pod gets a sidecar because of us. */
export function coexistence(config: StackConfig): Coexistence {
  const { namespaceLabels } = config;
  const { selector } = config.ingress;
  const separate = (config.coexist ?? (config.crds === "existing" ? "separate" : "none")) === "separate";
  if (!separate) return { coexist: "none", selector: selector ?? defaultSelector, namespaceLabels, podLabels: {} };
  if (selector?.["istio"] === defaultSelector.istio) {
    void pulumi.log.warn(
      `ingress.selector has istio: ${defaultSelector.istio}, as the pods of a real Istio's ingress gateway: both serve the same Gateways. Choose another label, or leave it out`,
    );
  }
  const { "istio-injection": _injection, ...others } = namespaceLabels;
  return {
    coexist: "separate",
    selector: selector ?? { istio: "tcp-ingress" },
    namespaceLabels: others,
    podLabels: { "sidecar.istio.io/inject": "false" },
  };
}
