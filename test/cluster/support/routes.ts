import assert from "node:assert/strict";
import { podsBehind } from "./echo-client.ts";
import { eventually } from "./eventually.ts";
import { kubectl } from "./stack.ts";

/** The scenario's ports, and the subset that each reaches. */
const scenario = [
  [31400, "v1"],
  [31401, "v2"],
] as const;

/** What a port of the scenario reached. */
export interface Reached {
  readonly port: number;
  readonly subset: string;
  readonly pods: readonly string[];
}

/** Waits until each port answers, then holds it to its subset, and only that, over a number of connections. */
export async function assertScenario(host: string, connections: number): Promise<Reached[]> {
  const reached: Reached[] = [];
  for (const [port, subset] of scenario) {
    await eventually(`port ${port} to answer`, async () => (await podsBehind(host, port, 1)).size);
    const pods = [...(await podsBehind(host, port, connections))];
    for (const pod of pods) assert.match(pod, new RegExp(`^tcp-echo-${subset}-`));
    reached.push({ port, subset, pods });
  }
  return reached;
}

/** The address that the load balancer gives to the ingress gateway. */
export function ingressAddress(): Promise<string> {
  return eventually("the load balancer's address", async () => {
    const path = "jsonpath={.status.loadBalancer.ingress[0].ip}";
    const address = await kubectl(["get", "service", "ingressgateway", "-o", path]);
    return address === "" ? undefined : address;
  });
}
