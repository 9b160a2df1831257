import type { Claim } from "./claims.ts";
import type { Service } from "./objects.ts";

/** The gateway pods that something is compiled for. */
export interface Workload {
  readonly namespace: string;
  /** The pods' labels, which Gateways select. */
  readonly labels: Readonly<Record<string, string>>;
  /** The Service in front of the pods, whose numeric targetPorts tell which ports to bind. */
  readonly service?: Service | undefined;
  /** Standalone: every Gateway is served, whatever it selects. */
  readonly every?: boolean | undefined;
  /** Which namespaces may use which of its ports; none: any may use all. */
  readonly claims?: readonly Claim[] | undefined;
}
