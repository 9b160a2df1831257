/** Ports of the gateway pod, as Istio has them. */

/** `/healthz/ready` and `/healthz/live`. */
export const healthPort = 15021;
/** `/metrics`. */
export const metricsPort = 15020;
/** `/config` and the rest, on loopback. */
const adminPort = 15000;

/** A port of the Service in front of the gateway. */
export interface ServicePort {
  readonly name: string;
  readonly protocol: "TCP";
  readonly port: number;
  readonly targetPort: number;
}

/** Binding a port below needs a privilege that the pod does not have. */
const firstUnprivileged = 1024;
const privilegedOffset = 20_000;

/**
 * Ports of the Service, each named by its number: a port that is replaced by another is then a change the API server takes, and no clash of names.
 *
 * @throws {RangeError} when a number is no port, is one of the pod's own, or cannot be told from another in the pod
 */
export function servicePorts(numbers: readonly number[]): ServicePort[] {
  const ports = numbers.map(servicePort);
  const holders = new Map<number, number>();
  for (const { port, targetPort } of ports) {
    const holder = holders.get(targetPort);
    if (holder !== undefined) {
      throw new RangeError(
        `Cannot open port ${port} beside port ${holder} as the gateway listens on ${targetPort} for both. Choose another port`,
      );
    }
    holders.set(targetPort, port);
  }
  return ports;
}

function servicePort(port: number): ServicePort {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new RangeError(`Cannot open port ${port} as it is not a whole number from 1 to 65535`);
  }
  const targetPort = port < firstUnprivileged ? port + privilegedOffset : port;
  if ([healthPort, metricsPort, adminPort].includes(targetPort)) {
    throw new RangeError(
      `Cannot open port ${port} as the gateway itself needs it (${healthPort} health, ${metricsPort} metrics, ${adminPort} admin). Choose another port`,
    );
  }
  return { name: `tcp-${port}`, protocol: "TCP", port, targetPort };
}
