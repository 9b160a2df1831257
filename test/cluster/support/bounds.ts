/** Specs with as many of everything as the definitions allow at once, in which each rule has the most to do. */

function many<T>(length: number, make: (index: number) => T): T[] {
  return Array.from({ length }, (_, index) => make(index));
}

/** A text of a length that ends in a number. */
function long(length: number, index: number): string {
  return `${"a".repeat(length)}${index}`.slice(-length);
}

const label = (index: number) => ({ [`example.com/${long(40, index)}`]: long(60, index) });
const labels = (count: number) => Object.assign({}, ...many(count, label)) as object;
const destination = { host: `${long(60, 0)}.default.svc.cluster.local`, subset: long(60, 0), port: { number: 65535 } };
const block = "2001:db8:1111:2222:3333:4444:5555:6666/128";

const match = {
  port: 31400,
  gateways: many(4, (index) => `namespace/${long(40, index)}`),
  sourceSubnet: block,
  destinationSubnets: many(8, () => block),
  sourceLabels: labels(4),
};

const policy = {
  connectionPool: { tcp: { connectTimeout: "1h1m1s1ms", idleTimeout: "1h1m1s1ms", tcpKeepalive: { time: "1h1m1s" } } },
  loadBalancer: { consistentHash: { useSourceIp: true } },
  outlierDetection: { interval: "1h1m1s1ms", baseEjectionTime: "1h1m1s1ms" },
};

export const largest: Readonly<Record<string, object>> = {
  Gateway: {
    selector: labels(64),
    servers: many(128, (index) => ({
      port: { number: 20000 + index, name: long(60, index), protocol: "TCP" },
      name: long(60, index),
      bind: "2001:db8:1111:2222:3333:4444:5555:6666",
      hosts: many(8, (host) => `namespace/${long(50, host)}.example.com`),
    })),
  },
  VirtualService: {
    hosts: many(128, (index) => `${long(60, index)}.example.com`),
    gateways: many(64, (index) => `namespace/${long(40, index)}`),
    exportTo: many(64, (index) => long(60, index)),
    tcp: many(128, () => ({
      match: many(8, () => match),
      route: many(4, (index) => ({ destination, weight: index })),
    })),
  },
  DestinationRule: {
    host: "tcp-echo",
    exportTo: many(64, (index) => long(60, index)),
    trafficPolicy: { ...policy, portLevelSettings: many(64, (index) => ({ port: { number: index + 1 }, ...policy })) },
    subsets: many(128, (index) => ({
      name: long(60, index),
      labels: labels(8),
      trafficPolicy: { ...policy, portLevelSettings: many(8, (port) => ({ port: { number: port + 1 }, ...policy })) },
    })),
  },
  ServiceEntry: {
    hosts: many(256, (index) => `${long(60, index)}.example.com`),
    ports: many(128, (index) => ({ number: index + 1, name: long(60, index), protocol: "TCP" })),
    resolution: "STATIC",
    endpoints: many(1024, () => ({
      address: "2001:db8:1111:2222:3333:4444:5555:6666",
      labels: labels(4),
      ports: { [long(60, 0)]: 1, [long(60, 1)]: 2 },
    })),
  },
  WorkloadEntry: {
    address: "192.0.2.1",
    labels: labels(64),
    ports: Object.fromEntries(many(64, (index) => [long(60, index), 1])),
  },
};
