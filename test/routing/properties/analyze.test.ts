import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  analyze,
  compile,
  matchRoute,
  Objects,
  selectChain,
  type Message,
  type RouteTable,
} from "../../../routing/index.ts";
import { manifests, parsed, type Manifest } from "./manifests.ts";
import { probesOf } from "./probes.ts";
import { runs } from "./runs.ts";

const labels = { istio: "ingressgateway", zone: "a" };

/** The gateway's pods, so that analysis knows where the Gateways are served. */
function pods(namespace: string): Manifest {
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "ingress", namespace, labels }, spec: {} };
}

interface Rules {
  readonly tcp?: readonly Rule[];
  readonly tls?: readonly Rule[];
}

interface Rule {
  readonly match?: readonly unknown[];
  readonly route: Weighted;
}

/** The Services that destinations are replaced by. */
const services = ["a", "b", "c"].map((name) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "default" },
  spec: { ports: [{ port: 1 }] },
}));

type Weighted = readonly { readonly weight?: number | undefined }[];

/** With destinations that all exist and of which no two of a rule are alike, so that no rule is left out for their sake. */
function withGoodDestinations(
  list: readonly Manifest[],
  weigh: (weight: number | undefined) => number | undefined,
): Manifest[] {
  const good = (rules: readonly Rule[] | undefined) =>
    rules?.map(({ match, route }) => ({
      match,
      route: route.map(({ weight }, index) => ({
        weight: weigh(weight),
        destination: { host: `${services[index]?.metadata.name ?? ""}.default.svc.cluster.local` },
      })),
    }));
  const routing = list.filter(({ kind }) => kind === "Gateway" || kind === "VirtualService");
  return [
    ...routing.map((one) => {
      const { tcp, tls } = one.spec as Rules;
      return one.kind === "Gateway" ? one : { ...one, spec: { ...one.spec, tcp: good(tcp), tls: good(tls) } };
    }),
    ...services,
  ];
}

/** `apps/v tcp[0].match[1]` → the servers (`default/a port-0`) on which some connection goes there. */
type Reached = ReadonlyMap<string, ReadonlySet<string>>;

/** Tries every connection that can make a difference. */
function reachedRoutes(list: readonly Manifest[], table: RouteTable): Reached {
  const { sources, destinations, serverNames } = probesOf(list);
  const reached = new Map<string, Set<string>>();
  for (const listener of table.listeners) {
    for (const serverName of serverNames) {
      const chain = selectChain(listener, serverName);
      if (chain === undefined) continue;
      for (const sourceAddress of sources) {
        for (const destinationAddress of destinations) {
          const route = matchRoute(chain, { sourceAddress, destinationAddress, serverName });
          if (route === undefined) continue;
          const { namespace, name } = route.virtualService;
          const place = `${namespace}/${name} ${route.rule}`;
          const servers = reached.get(place) ?? new Set();
          reached.set(place, servers.add(`${chain.gateway.namespace}/${chain.gateway.name} ${chain.server}`));
        }
      }
    }
  }
  return reached;
}

interface Case {
  readonly list: readonly Manifest[];
  readonly messages: readonly Message[];
  readonly reached: Reached;
}

const cases: fc.Arbitrary<Case> = fc.tuple(manifests, fc.constantFrom("default", "apps")).map(([some, namespace]) => {
  const list = withGoodDestinations(some, () => 1);
  const objects = Objects.of(parsed([...list, pods(namespace)]));
  const { table } = compile(objects, { namespace, labels });
  return { list, messages: analyze(objects), reached: reachedRoutes(list, table) };
});

/** Gateways that lose a port to another one are served in part only: an Error says so, and what they route is no more to be relied on. */
function conflictingGateways(messages: readonly Message[]): Set<string> {
  return new Set(
    messages.filter(({ code }) => code === "IST0145").map(({ resource }) => resource.replace("Gateway ", "")),
  );
}

function gatewaysOf({ metadata: { namespace }, spec }: Manifest): string[] {
  return (spec["gateways"] as string[]).map((name) => (name.includes("/") ? name : `${namespace}/${name}`));
}

interface Place {
  readonly virtualService: Manifest;
  /** `tcp[0].match[1]` */
  readonly name: string;
}

/** All rules and matches that VirtualServices of a set declare. */
function placesOf(list: readonly Manifest[]): Place[] {
  return list
    .filter(({ kind }) => kind === "VirtualService")
    .flatMap((virtualService) =>
      (["tcp", "tls"] as const).flatMap((protocol) =>
        ((virtualService.spec as Rules)[protocol] ?? []).flatMap(({ match = [] }, index) =>
          (match.length === 0 ? [""] : match.map((_, number) => `.match[${number}]`)).map((at) => ({
            virtualService,
            name: `${protocol}[${index}]${at}`,
          })),
        ),
      ),
    );
}

function keyOf({ metadata }: Manifest): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** Says of a rule or a match that no connection reaches it anywhere. IST0130 speaks of rules, or of a match of one that cannot be told from the others. */
function isCalledDead({ messages }: Case, { virtualService, name }: Place): boolean {
  return messages.some(
    ({ code, level, resource, reference = "" }) =>
      resource === `VirtualService ${keyOf(virtualService)}` &&
      (["TCP0005", "TCP0018", "TCP0019", "IST0131"].includes(code) || (code === "TCP0011" && level === "Warning")
        ? reference.startsWith(`spec.${name}`) || reference === "spec.exportTo"
        : code === "IST0130" && `spec.${name}`.startsWith(reference)),
  );
}

test("what analysis calls dead no connection reaches", () => {
  fc.assert(
    fc.property(cases, (one) => {
      const conflicting = conflictingGateways(one.messages);
      for (const place of placesOf(one.list)) {
        if (!isCalledDead(one, place) || gatewaysOf(place.virtualService).some((name) => conflicting.has(name)))
          continue;
        const reached = one.reached.get(`${keyOf(place.virtualService)} ${place.name}`);
        assert.equal(reached, undefined, `${keyOf(place.virtualService)} ${place.name} is reached`);
      }
    }),
    runs(150),
  );
});

test("a server that analysis calls closed takes no connection", () => {
  fc.assert(
    fc.property(cases, ({ messages, list, reached }) => {
      for (const { code, resource, reference } of messages) {
        if (code !== "TCP0006") continue;
        const index = /servers\[(\d+)\]/.exec(reference ?? "")?.[1];
        const gateway = resource.replace("Gateway ", "");
        assert.ok(list.some((one) => one.kind === "Gateway" && keyOf(one) === gateway));
        const server = `${gateway} port-${index ?? ""}`;
        assert.ok(
          [...reached.values()].every((servers) => !servers.has(server)),
          server,
        );
      }
    }),
    runs(150),
  );
});

/** Whether anything is said that explains why no connection reaches a rule or a match. */
function isExplained(one: Case, place: Place): boolean {
  const { virtualService } = place;
  const gateways = gatewaysOf(virtualService);
  return (
    isCalledDead(one, place) ||
    one.messages.some(({ code, level, resource }) => {
      if (resource === `VirtualService ${keyOf(virtualService)}`) {
        return code === "IST0101" || code === "IST0132" || (code === "TCP0011" && level === "Warning");
      }
      return (
        gateways.some((name) => resource === `Gateway ${name}`) &&
        (code === "IST0145" || code === "IST0101" || code === "TCP0009")
      );
    })
  );
}

test("what analysis does not call dead some connection reaches", () => {
  fc.assert(
    fc.property(cases, (one) => {
      for (const place of placesOf(one.list)) {
        if (one.reached.has(`${keyOf(place.virtualService)} ${place.name}`)) continue;
        assert.ok(
          isExplained(one, place),
          `${keyOf(place.virtualService)} ${place.name} is dead, and nothing says why: ${JSON.stringify(one.messages.map(({ code, resource, reference }) => [code, resource, reference]))}`,
        );
      }
    }),
    runs(150),
  );
});

test("the destinations of a route are those of which analysis does not say that they get nothing", () => {
  fc.assert(
    fc.property(
      manifests.map((list) => withGoodDestinations(list, (weight) => weight)),
      (list) => {
        const objects = Objects.of(parsed(list));
        const { table } = compile(objects, { namespace: "default", labels });
        const messages = analyze(objects).filter(({ code }) => code === "TCP0012");
        for (const { virtualService, rule, destinations } of table.listeners.flatMap(({ chains }) =>
          chains.flatMap(({ routes }) => routes),
        )) {
          const [, protocol = "", index = ""] = /^(tcp|tls)\[(\d+)\]/.exec(rule) ?? [];
          const used = destinations.map(({ cluster }) => table.clusters.get(cluster)?.host.slice(0, 1));
          const declared = list.find(
            (one) =>
              one.kind === "VirtualService" && keyOf(one) === `${virtualService.namespace}/${virtualService.name}`,
          );
          const { route } = (declared?.spec as Rules)[protocol as "tcp" | "tls"]?.[Number(index)] ?? assert.fail(rule);
          const unused = messages.flatMap(({ resource, reference = "" }) => {
            const at = new RegExp(`^spec\\.${protocol}\\[${index}\\]\\.route\\[(\\d)`).exec(reference)?.[1];
            return resource === `VirtualService ${virtualService.namespace}/${virtualService.name}` && at !== undefined
              ? "abc".charAt(Number(at))
              : [];
          });
          const all = [..."abc"].slice(0, route.length);
          assert.deepEqual(
            used,
            all.filter((name) => !unused.includes(name)),
          );
        }
      },
    ),
    runs(100),
  );
});
