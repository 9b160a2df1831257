import { unservedMessage } from "../compile/chains.ts";
import { bindServer } from "../compile/servers.ts";
import type { Analyzer } from "./analyzer.ts";

/** TCP0009: a server whose protocol or TLS mode this gateway does not serve. */
export const unservedServers: Analyzer<"Gateway"> = {
  subject: "protocols of servers",
  kind: "Gateway",
  needs: [],
  *check(gateway) {
    for (const [index, server] of gateway.spec.servers.entries()) {
      const bound = bindServer(gateway, index, server, undefined);
      if (bound.kind === "unserved") yield unservedMessage(bound);
    }
  },
};
