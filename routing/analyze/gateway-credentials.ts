import { messageOf } from "../catalogue.ts";
import { about } from "../resolve/about.ts";
import { notFound } from "../resolve/problem.ts";
import type { Analyzer } from "./analyzer.ts";
import { podsOfGateway } from "./pod-templates.ts";

/** IST0101: the Secret that a server's TLS names is not in the namespace of the gateway's pods. */
export const gatewayCredentials: Analyzer = {
  subject: "the Secrets of Gateways",
  concerns: ({ gateways }) =>
    gateways.some(({ spec }) => spec.servers.some(({ tls }) => tls?.credentialName !== undefined)),
  needs: [["Pod", "Deployment"], ["Secret"]],
  *check(objects) {
    for (const gateway of objects.gateways) {
      const [pod] = podsOfGateway(objects, gateway);
      // Without any pod nobody knows the namespace, and another check says so.
      if (pod === undefined) continue;
      for (const [index, { tls }] of gateway.spec.servers.entries()) {
        const name = tls?.credentialName;
        if (name === undefined || name === "") continue;
        const [namespace, secret] = name.includes("/") ? name.split("/", 2) : [pod.owner.metadata.namespace, name];
        if (objects.get("Secret", namespace ?? "", secret ?? "") !== undefined) continue;
        yield messageOf(
          "IST0101",
          about(gateway, ["spec", "servers", index, "tls", "credentialName"]),
          notFound("credentialName", name),
        );
      }
    }
  },
};
