import { messageOf } from "../catalogue.ts";
import type { Message } from "../message.ts";
import type { FieldPath, VirtualService } from "../objects.ts";
import { about, resourceName } from "./about.ts";
import { keepsShare } from "./refused.ts";
import type { Destination, DestinationProblem } from "./destination.ts";

/** Says why a destination of a VirtualService leads nowhere, in Istio's words: hosts are named as the VirtualService names them. */
export function destinationMessage(
  virtualService: VirtualService,
  path: FieldPath,
  destination: Destination,
  problem: DestinationProblem,
): Message {
  const message = problemMessage(virtualService, path, destination, problem);
  return keepsShare(virtualService)
    ? { ...message, message: `${message.message}. Its share of the connections is refused` }
    : message;
}

function problemMessage(
  virtualService: VirtualService,
  path: FieldPath,
  { host }: Destination,
  problem: DestinationProblem,
): Message {
  const at = (...field: FieldPath) => about(virtualService, [...path, "destination", ...field]);
  switch (problem.kind) {
    case "HostNotFound":
      return messageOf("IST0101", at("host"), notFound("host", host));
    case "PortNotFound":
      if (problem.protocol !== undefined) {
        return messageOf(
          "TCP0023",
          at("port", "number"),
          `Cannot route to port ${problem.port} of ${host} as its protocol is ${problem.protocol}. Use a port with protocol TCP`,
        );
      }
      return messageOf("IST0101", at("port", "number"), notFound("host:port", `${host}:${problem.port}`));
    case "SubsetNotFound":
      if (problem.elsewhere !== undefined) {
        const { rule, why } = problem.elsewhere;
        return messageOf(
          "TCP0022",
          at("subset"),
          `Subset ${problem.subset} of ${host} is declared by ${resourceName(rule)}, which does not hold here as ${why}`,
        );
      }
      return messageOf(
        "IST0101",
        at("subset"),
        notFound("host+subset in destinationrule", `${host}+${problem.subset}`),
      );
    case "PortRequired":
      if (problem.ports.length === 0) {
        return messageOf(
          "TCP0023",
          at("host"),
          `Cannot route to ${host} as it has no TCP port. Add one to the Service`,
        );
      }
      return messageOf(
        "IST0112",
        at("host"),
        `This VirtualService routes to a service ${JSON.stringify(host)} that exposes multiple ports [${problem.ports.join(" ")}]. Specifying a port in the destination is required to disambiguate.`,
      );
  }
}

/** Istio's words for IST0101. */
export function notFound(type: string, value: string): string {
  return `Referenced ${type} not found: ${JSON.stringify(value)}`;
}
