/** Who may use which port of a gateway that several teams share. */
import * as z from "zod";
import type { Namespace } from "./objects.ts";
import { formatSelector, selects } from "./selector.ts";

const portRange = /^(\d{1,5})-(\d{1,5})$/;

const wanted = "a port from 1 to 65535, or a range such as 31400-31499";
const port = z.int().min(1, wanted).max(65_535, wanted);
const ports = z.array(z.union([port, z.string().refine(isRange, wanted)], { error: wanted })).min(1);

const namespaces = z.array(
  z.union([z.string().min(1), z.strictObject({ matchLabels: z.record(z.string().min(1), z.string()) })], {
    error: "the name of a namespace, or { matchLabels: { LABEL: VALUE } }",
  }),
);

/** Which namespaces may use some ports. The ports are the declared ones (`port.number`), not those that sockets bind. */
export const claimSchema = z.strictObject({
  /** Numbers, and ranges such as `31400-31499`. */
  ports,
  /** Namespaces whose Gateways may open the ports; left out: any; empty: none. */
  gatewaysFrom: namespaces.optional(),
  /** Namespaces whose VirtualServices may route the ports' connections; left out: any; empty: none. */
  routesFrom: namespaces.optional(),
});

type Declared = z.output<typeof claimSchema>;

/** A namespace by its name, or all that have the labels. */
export type NamespaceSelector = string | { readonly matchLabels: Readonly<Record<string, string>> };

/** Which namespaces may use some ports; see {@link claimSchema}. */
export interface Claim {
  readonly ports: readonly Declared["ports"][number][];
  readonly gatewaysFrom?: readonly NamespaceSelector[] | undefined;
  readonly routesFrom?: readonly NamespaceSelector[] | undefined;
}

/** What a namespace wants to do with a port. */
export type Use = "gatewaysFrom" | "routesFrom";

/**
 * The namespaces that a port is left to; undefined: any may use it. The first claim that names the port holds, so that a last one for all ports closes what the others
 * leave open.
 */
export function claimants(
  claims: readonly Claim[] | undefined,
  use: Use,
  port: number,
): readonly NamespaceSelector[] | undefined {
  return claims?.find(({ ports }) => ports.some((item) => includes(item, port)))?.[use];
}

/** Whether a namespace is among those that a port is left to. Of a namespace that cannot be seen only the name is known. */
export function isClaimant(
  selectors: readonly NamespaceSelector[] | undefined,
  name: string,
  namespace: Namespace | undefined,
): boolean {
  if (selectors === undefined) return true;
  const labels = { "kubernetes.io/metadata.name": name, ...namespace?.metadata.labels };
  return selectors.some((selector) =>
    typeof selector === "string" ? selector === name : selects(selector.matchLabels, labels),
  );
}

/** Namespaces as messages name them: `infra or label team=payments`. */
export function formatClaimants(selectors: readonly NamespaceSelector[]): string {
  if (selectors.length === 0) return "no namespace";
  return selectors
    .map((selector) =>
      typeof selector === "string" ? selector : `namespaces with ${formatSelector(selector.matchLabels)}`,
    )
    .join(" or ");
}

function includes(item: number | string, port: number): boolean {
  if (typeof item === "number") return item === port;
  const [, first, last] = portRange.exec(item) ?? [];
  return Number(first) <= port && port <= Number(last);
}

function isRange(text: string): boolean {
  const [, first, last] = portRange.exec(text) ?? [];
  return Number(first) >= 1 && Number(first) <= Number(last) && Number(last) <= 65_535;
}
