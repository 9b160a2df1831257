import { messageOf } from "../catalogue.ts";
import type { Message } from "../message.ts";
import type { FieldPath, VirtualService } from "../objects.ts";
import { about } from "./about.ts";
import type { DestinationProblem } from "./destination.ts";

/** Says why a destination of a VirtualService leads nowhere, with Istio's codes and words. */
export function destinationMessage(
  virtualService: VirtualService,
  path: FieldPath,
  problem: DestinationProblem,
): Message {
  const at = (...field: FieldPath) => about(virtualService, [...path, "destination", ...field]);
  switch (problem.kind) {
    case "HostNotFound":
      return messageOf("IST0101", at("host"), `Referenced host not found: ${JSON.stringify(problem.host)}`);
    case "PortNotFound":
      return messageOf(
        "IST0101",
        at("port", "number"),
        `Referenced host:port not found: ${JSON.stringify(`${problem.host}:${problem.port}`)}`,
      );
    case "SubsetNotFound":
      return messageOf(
        "IST0101",
        at("subset"),
        `Referenced host+subset in destinationrule not found: ${JSON.stringify(`${problem.host}+${problem.subset}`)}`,
      );
    case "PortRequired":
      return messageOf(
        "IST0112",
        at(),
        `This VirtualService routes to a service ${JSON.stringify(problem.host)} that exposes multiple ports [${problem.ports.join(" ")}]. Specifying a port in the destination is required to disambiguate.`,
      );
  }
}
