/** What is wrong with objects of the Gateway API as such. What they are translated to is checked as everything else is. */
import type { Analyzer } from "../analyze/analyzer.ts";
import { podsOfGateway } from "../analyze/pod-templates.ts";
import { messageOf } from "../catalogue.ts";
import type { View } from "../incremental/view.ts";
import type { KubernetesGateway } from "../objects.ts";
import { about } from "../resolve/about.ts";
import { notFound } from "../resolve/problem.ts";
import { formatSelector } from "../selector.ts";
import { parentStates, type Route } from "./attachment.ts";
import { backendStates, ruleFindings } from "./backends.ts";
import { findingMessage, type Finding } from "./finding.ts";
import { classFindings, classOf, isOurClass, isOurs, refusals, unmetWishes } from "./gateways.ts";
import { listenerStates } from "./listeners.ts";
import { classLabel } from "./names.ts";

const gatewayClasses: Analyzer<"GatewayClass"> = {
  subject: "GatewayClasses",
  kind: "GatewayClass",
  needs: [],
  *check(gatewayClass) {
    if (!isOurClass(gatewayClass)) return;
    for (const finding of classFindings(gatewayClass)) yield findingMessage(gatewayClass, finding);
  },
};

/** TCP0030: the GatewayClass of a Gateway does not exist. */
const classReferences: Analyzer<"KubernetesGateway"> = {
  subject: "the GatewayClasses of Gateways",
  kind: "KubernetesGateway",
  needs: [["GatewayClass"]],
  *check(gateway, view) {
    if (classOf(gateway, view) !== undefined) return;
    const { gatewayClassName } = gateway.spec;
    yield messageOf(
      "TCP0030",
      about(gateway, ["spec", "gatewayClassName"]),
      `There is no GatewayClass ${gatewayClassName}: only gateway pods with the label ${classLabel}=${gatewayClassName} serve this Gateway`,
    );
  },
};

const gateways: Analyzer<"KubernetesGateway"> = {
  subject: "Gateways of the Gateway API",
  kind: "KubernetesGateway",
  needs: [],
  looksUp: ["ReferenceGrant"],
  *check(gateway, view) {
    if (!isOurs(gateway, view)) return;
    const findings = [
      ...refusals(gateway, view),
      ...unmetWishes(gateway),
      ...listenerStates(gateway, view).flatMap((state) => state.findings),
    ];
    for (const finding of findings) yield findingMessage(gateway, finding);
  },
};

/** IST0101: no pod serves the class of a Gateway. Said once, and not for each of its listeners. */
const classPods: Analyzer<"KubernetesGateway"> = {
  subject: "the pods that serve Gateways",
  kind: "KubernetesGateway",
  needs: [["Pod", "Deployment"]],
  concerns: isOurs,
  *check(gateway, view) {
    const selector = { [classLabel]: gateway.spec.gatewayClassName };
    if (!isOurs(gateway, view) || podsOfGateway(view, { spec: { selector } }).length > 0) return;
    const text = notFound("selector", formatSelector(selector));
    yield messageOf("IST0101", about(gateway, ["spec", "gatewayClassName"]), text);
  },
};

/** IST0101: the Secret with a listener's certificate does not exist. */
const certificates: Analyzer<"KubernetesGateway"> = {
  subject: "the certificates of listeners",
  kind: "KubernetesGateway",
  needs: [["Secret"]],
  concerns: (gateway, view) => credentials(gateway, view).length > 0,
  *check(gateway, view) {
    for (const { index, credential } of credentials(gateway, view)) {
      const [namespace = "", name = ""] = credential.split("/");
      if (view.get("Secret", namespace, name) !== undefined) continue;
      const path = ["spec", "listeners", index, "tls", "certificateRefs", 0, "name"];
      yield messageOf("IST0101", about(gateway, path), notFound("credentialName", credential));
    }
  },
};

function credentials(gateway: KubernetesGateway, view: View): { index: number; credential: string }[] {
  if (!isOurs(gateway, view)) return [];
  return listenerStates(gateway, view).flatMap(({ index, credential }) =>
    credential === undefined ? [] : [{ index, credential }],
  );
}

/** IST0101: a route's parent does not exist. */
function parentReferences<K extends Route["kind"]>(kind: K): Analyzer<K> {
  return {
    subject: "the Gateways of routes",
    kind,
    needs: [["KubernetesGateway"]],
    *check(route, view) {
      for (const { gateway, finding } of parentStates(route, view)) {
        if (gateway === undefined && finding !== undefined) yield findingMessage(route, finding);
      }
    },
  };
}

/** Why a route is attached to no listener, and which of its backends may not be used. Routes of other controllers alone are none of our business. */
function routes<K extends Route["kind"]>(kind: K): Analyzer<K> {
  return {
    subject: `${kind}s`,
    kind,
    needs: [],
    looksUp: ["ReferenceGrant"],
    *check(route, view) {
      for (const finding of routeFindings(route, view)) yield findingMessage(route, finding);
    },
  };
}

function routeFindings(route: Route, view: View): Finding[] {
  const ours = parentStates(route, view).filter(({ gateway }) => gateway !== undefined);
  if (ours.length === 0) return [];
  return [
    ...ours.flatMap(({ finding }) => finding ?? []),
    ...ruleFindings(route),
    ...backendStates(route, view).flatMap(({ finding }) => finding ?? []),
  ];
}

export const gatewayApiAnalyzers = [
  gatewayClasses,
  classReferences,
  gateways,
  classPods,
  certificates,
  parentReferences("TCPRoute"),
  parentReferences("TLSRoute"),
  routes("TCPRoute"),
  routes("TLSRoute"),
] as const;
