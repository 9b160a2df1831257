import * as z from "zod";
import { stackPolicy } from "../kit/index.ts";
import { servers } from "./servers.ts";

const port = z.int().min(1).max(65_535);

export const listenerPorts = stackPolicy({
  name: "listener-ports",
  description:
    "Listeners have allowed ports alone, as firewalls, clients and other teams count on who may open which one",
  severity: "medium",
  level: "mandatory",
  config: {
    allowed: z
      .array(z.union([port, z.strictObject({ from: port, to: port })]))
      .default([{ from: 1, to: 65_535 }])
      .describe("Ports, and ranges of ports (`{ from, to }`, both included), that a server may have"),
  },
  over: servers,
  check(number, { config: { allowed } }) {
    if (allowed.some((each) => (typeof each === "number" ? each === number : each.from <= number && number <= each.to)))
      return undefined;
    const said = allowed.map((each) => (typeof each === "number" ? `${each}` : `${each.from} to ${each.to}`));
    return { is: String(number), remedy: `choose one that is allowed: ${said.join(", ") || "none is"}` };
  },
});
