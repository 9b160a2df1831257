import { messageOf } from "../catalogue.ts";
import { about } from "../resolve/about.ts";
import { notFound } from "../resolve/problem.ts";
import type { Analyzer } from "./analyzer.ts";
import { podsOfGateway } from "./pod-templates.ts";

/** IST0101: the Secret that a server's TLS names is not in the namespace of the gateway's pods. */
export const gatewayCredentials: Analyzer<"Gateway"> = {
  subject: "the Secrets of Gateways",
  kind: "Gateway",
  concerns: ({ spec, origin }) =>
    origin.source === undefined && spec.servers.some(({ tls }) => tls?.credentialName !== undefined),
  needs: [["Pod", "Deployment"], ["Secret"]],
  *check(gateway, view) {
    const [pod] = podsOfGateway(view, gateway);
    // Without any pod nobody knows the namespace, and another check says so. The Gateway API's Secrets are not in the pods' namespace (gateway-api/analyzers.ts).
    if (pod === undefined || gateway.origin.source !== undefined) return;
    for (const [index, { tls }] of gateway.spec.servers.entries()) {
      const name = tls?.credentialName;
      if (name === undefined || name === "") continue;
      const [namespace, secret] = name.includes("/") ? name.split("/", 2) : [pod.owner.metadata.namespace, name];
      if (view.get("Secret", namespace ?? "", secret ?? "") !== undefined) continue;
      yield messageOf(
        "IST0101",
        about(gateway, ["spec", "servers", index, "tls", "credentialName"]),
        notFound("credentialName", name),
      );
    }
  },
};
