import type { VirtualServiceSpec } from "../routing/index.ts";

/** Where a route sends connections, and which share of them: Istio's own, an item of `route` in a VirtualService. */
export type RouteDestination = NonNullable<VirtualServiceSpec["tcp"]>[number]["route"][number];

/** What a DestinationRule is for. */
export interface Target {
  readonly host: string;
  readonly port?: number | undefined;
}

/** Endpoints of a target: all, or those of a subset. */
export function destination({ host, port }: Target, subset?: string): RouteDestination {
  return {
    destination: {
      host,
      ...(subset === undefined ? {} : { subset }),
      ...(port === undefined ? {} : { port: { number: port } }),
    },
  };
}

/**
 * Several subsets of a target, each with its share of the connections.
 *
 * @throws {RangeError} when a weight is no whole number, or all are 0
 */
export function splitDestinations(
  target: Target,
  weights: Readonly<Record<string, number | undefined>>,
): RouteDestination[] {
  const shares = Object.entries(weights).filter((share): share is [string, number] => share[1] !== undefined);
  const wrong = shares.find(([, weight]) => !Number.isInteger(weight) || weight < 0);
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot split connections to ${target.host} as the weight of ${wrong[0]} is ${wrong[1]}. Give whole numbers from 0`,
    );
  }
  if (shares.every(([, weight]) => weight === 0)) {
    throw new RangeError(`Cannot split connections to ${target.host} as no subset has a weight above 0`);
  }
  return shares.map(([subset, weight]) => ({ ...destination(target, subset), weight }));
}
