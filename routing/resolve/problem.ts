import { messageOf } from "../catalogue.ts";
import type { Message } from "../message.ts";
import type { FieldPath, VirtualService } from "../objects.ts";
import { about } from "./about.ts";
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
      return messageOf("IST0101", at("port", "number"), notFound("host:port", `${host}:${problem.port}`));
    case "SubsetNotFound":
      return messageOf(
        "IST0101",
        at("subset"),
        notFound("host+subset in destinationrule", `${host}+${problem.subset}`),
      );
    case "PortRequired":
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
