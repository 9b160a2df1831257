import assert from "node:assert/strict";
import { isIPv4 } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import {
  matchRoute,
  selectChain,
  type FilterChain,
  type Listener,
  type Route,
  type RouteMatch,
} from "../../routing/index.ts";
import { listenerPolicy } from "../app/support/snapshot.ts";

const reference = { kind: "VirtualService", namespace: "default", name: "echo" };

function routeWith(match: Partial<RouteMatch>, rule = "tcp[0]"): Route {
  return {
    virtualService: reference,
    rule,
    match: { sourceSubnets: [], destinationSubnets: [], sniHosts: [], ...match },
    destinations: [{ cluster: "c", weight: 1 }],
  };
}

function chainOf(routes: readonly [Route, ...Route[]], sniHosts: readonly string[] = []): FilterChain {
  return {
    gateway: { ...reference, kind: "Gateway" },
    server: "tcp",
    protocol: "TCP",
    sniHosts,
    tls: undefined,
    routes,
  };
}

const anywhere = { sourceAddress: "192.0.2.1", destinationAddress: "198.51.100.1" };

test("the first route that matches wins", () => {
  const chain = chainOf([
    routeWith({ sourceSubnets: ["10.0.0.0/8"] }, "first"),
    routeWith({ destinationSubnets: ["198.51.100.0/24"] }, "second"),
    routeWith({}, "third"),
  ]);
  assert.equal(matchRoute(chain, { ...anywhere, sourceAddress: "::ffff:10.1.1.1" })?.rule, "first");
  assert.equal(matchRoute(chain, anywhere)?.rule, "second");
  assert.equal(matchRoute(chain, { ...anywhere, destinationAddress: "2001:db8::1" })?.rule, "third");
});

test("fields of one match must all match", () => {
  const chain = chainOf([routeWith({ sourceSubnets: ["192.0.2.0/24"], destinationSubnets: ["203.0.113.0/24"] })]);
  assert.equal(matchRoute(chain, anywhere), undefined);
  assert.ok(matchRoute(chain, { ...anywhere, destinationAddress: "203.0.113.1" }));
});

test("an address that cannot be read is in no block", () => {
  const chain = chainOf([routeWith({ sourceSubnets: ["0.0.0.0/0", "::/0"] })]);
  assert.equal(matchRoute(chain, { ...anywhere, sourceAddress: "" }), undefined);
});

test("server names match by SNI alone", () => {
  const chain = chainOf([routeWith({ sniHosts: ["a.com", "*.b.com"] })]);
  assert.ok(matchRoute(chain, { ...anywhere, serverName: "a.com" }));
  assert.ok(matchRoute(chain, { ...anywhere, serverName: "x.b.com" }));
  assert.equal(matchRoute(chain, { ...anywhere, serverName: "b.com" }), undefined);
  assert.equal(matchRoute(chain, anywhere), undefined);
});

test("the chain with the best fitting host takes a connection", () => {
  const [exact, suffix, any] = [
    chainOf([routeWith({})], ["x.a.com"]),
    chainOf([routeWith({})], ["*.a.com"]),
    chainOf([routeWith({})]),
  ];
  const listener: Listener = {
    port: 1,
    bindPort: 1,
    bind: undefined,
    policy: listenerPolicy,
    chains: [any, suffix, exact],
  };
  assert.equal(selectChain(listener, "x.a.com"), exact);
  assert.equal(selectChain(listener, "y.a.com"), suffix);
  assert.equal(selectChain(listener, "b.com"), any);
  assert.equal(selectChain(listener, undefined), any);
  assert.equal(selectChain({ ...listener, chains: [exact] }, "b.com"), undefined);
});

test("a name that stands beside * is the chain's own before any wildcard", () => {
  const [mixed, suffix] = [chainOf([routeWith({})], ["*", "x.a.com"]), chainOf([routeWith({})], ["*.a.com"])];
  const chains = [mixed, suffix] as const;
  const listener: Listener = { port: 1, bindPort: 1, bind: undefined, policy: listenerPolicy, chains };
  assert.equal(selectChain(listener, "x.a.com"), mixed);
  assert.equal(selectChain(listener, "y.a.com"), suffix);
  assert.equal(selectChain(listener, undefined), mixed);
});

/** As slow and as plain as can be: bits as text. */
function bits(address: string): string {
  if (isIPv4(address)) {
    const own = address.split(".").map((octet) => Number(octet).toString(2).padStart(8, "0"));
    return "0".repeat(80) + "1".repeat(16) + own.join("");
  }
  const [head = "", tail] = address.split("::");
  const groups = (part: string | undefined) => (part === undefined || part === "" ? [] : part.split(":"));
  const [front, back] = [groups(head), groups(tail)];
  const all = [...front, ...Array<string>(8 - front.length - back.length).fill("0"), ...back];
  return all.map((group) => parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}

function isIn(subnet: string, address: string): boolean {
  const [net = "", prefix] = subnet.split("/");
  const length = Number(prefix) + (isIPv4(net) ? 96 : 0);
  return bits(net).slice(0, length) === bits(address).slice(0, length);
}

/** Few different numbers, so that blocks and addresses meet. */
const ipv4 = fc.tuple(fc.constantFrom(10, 192), fc.nat(3), fc.nat(3), fc.nat(3)).map((octets) => octets.join("."));
const ipv6 = fc.tuple(fc.constantFrom("fd00", "2001"), fc.nat(3), fc.nat(3)).map(([a, b, c]) => `${a}:${b}::${c}`);
const subnet = fc.oneof(
  fc.tuple(ipv4, fc.nat(32)).map(([net, prefix]) => `${net}/${prefix}`),
  fc.tuple(ipv6, fc.nat(128)).map(([net, prefix]) => `${net}/${prefix}`),
);

test("the matcher agrees with one that tries everything by the letter", () => {
  const address = fc.oneof(ipv4, ipv6);
  const match = fc.record({
    sourceSubnets: fc.array(subnet, { maxLength: 2 }),
    destinationSubnets: fc.array(subnet, { maxLength: 2 }),
  });
  fc.assert(
    fc.property(fc.array(match, { minLength: 1, maxLength: 5 }), address, address, (matches, source, destination) => {
      const [first, ...others] = matches.map((one, index) => routeWith(one, String(index)));
      assert.ok(first !== undefined);
      const expected = matches.findIndex(
        ({ sourceSubnets, destinationSubnets }) =>
          (sourceSubnets.length === 0 || sourceSubnets.some((block) => isIn(block, source))) &&
          (destinationSubnets.length === 0 || destinationSubnets.some((block) => isIn(block, destination))),
      );
      const found = matchRoute(chainOf([first, ...others]), { sourceAddress: source, destinationAddress: destination });
      assert.equal(found?.rule, expected < 0 ? undefined : String(expected));
    }),
  );
});
