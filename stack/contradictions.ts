import { existsSync } from "node:fs";
import { servicePorts } from "../components/ingress/ports.ts";
import type { StackConfig } from "./config.ts";
import { anyOf, keyOf } from "./explain.ts";
import { builtImages } from "./images.ts";
import { gatewayName } from "./routes.ts";
import { isContent, isSecret } from "./secrets.ts";

/** What is wrong between keys that are right each by itself. */
export function contradictions(config: StackConfig, project: string): string[] {
  return [
    ...cluster(config, isSecret(project, "kubeconfig")),
    ...images(config),
    ...listeners(config),
    ...ports(config),
    ...claims(config),
    ...tracing(config),
  ].map(({ path, problem }) => `${keyOf(project, path)} ${problem}`);
}

interface Problem {
  readonly path: readonly PropertyKey[];
  readonly problem: string;
}

function* cluster({ kubeconfig, renderTo }: StackConfig, secret: boolean): Generator<Problem> {
  // For a path that leads nowhere the provider takes the cluster to be away.
  const isPath = kubeconfig !== undefined && !isContent(kubeconfig);
  if (isPath && renderTo === undefined && !existsSync(kubeconfig)) {
    yield {
      path: ["kubeconfig"],
      problem: `is ${secret ? "a secret" : JSON.stringify(kubeconfig)} and must be a file that exists, or empty for the one that kubectl would use`,
    };
  }
}

/** A registry's host, which needs a dot or a port to be one, and the path that repositories start with (https://pkg.go.dev/github.com/distribution/reference). */
const repositoryPrefix =
  /^(localhost|[\w-]+(\.[\w-]+)+|[\w.-]+(?=:)|\[[\dA-Fa-f:]+\])(:\d+)?(\/[a-z\d]+((\.|_|__|-+)[a-z\d]+)*)*$/;

function* images(config: StackConfig): Generator<Problem> {
  const built = builtImages(config);
  if (built.length > 0 && config.registry === undefined) {
    yield {
      path: ["registry"],
      problem: `is missing and must be where built images are pushed to, such as registry.example.com/team, unless ${built.join(" and ")} ${built.length === 1 ? "names a prebuilt one" : "name prebuilt ones"}`,
    };
  }
  if (config.registry !== undefined && !repositoryPrefix.test(config.registry)) {
    yield {
      path: ["registry"],
      problem: `is ${JSON.stringify(config.registry)} and must be a registry's host and, in lower case, what repositories start with, such as registry.example.com/team or docker.io/you`,
    };
  }
  if ((config.registryUsername === undefined) !== (config.registryPassword === undefined)) {
    const missing = config.registryUsername === undefined ? "registryUsername" : "registryPassword";
    yield { path: [missing], problem: "is missing and must be set where the other of user and password is" };
  }
}

function* listeners({ listeners, destinations }: StackConfig): Generator<Problem> {
  for (const [index, { to, subset, weights }] of listeners.entries()) {
    const destination = destinations[to];
    if (destination === undefined) {
      const names = Object.keys(destinations);
      yield {
        path: ["listeners", index, "to"],
        problem: `is ${JSON.stringify(to)} and must be one of destinations: ${anyOf(names)}`,
      };
      continue;
    }
    const known = Object.keys(destination.subsets);
    const named = subset === undefined ? Object.keys(weights ?? {}) : [subset];
    for (const name of named.filter((name) => !known.includes(name))) {
      yield {
        path: ["listeners", index, ...(subset === undefined ? ["weights", name] : ["subset"])],
        problem: `names ${JSON.stringify(name)} and must name a subset of ${to}: ${anyOf(known)}`,
      };
    }
    if (weights !== undefined && Object.values(weights).every((weight) => weight === 0)) {
      yield { path: ["listeners", index, "weights"], problem: "must have a weight above 0" };
    }
  }
}

/** Without a ClusterRole the gateway sees no Namespace, and so no label of any. */
function* claims({ ingress }: StackConfig): Generator<Problem> {
  if (ingress.watchNamespaces.length === 0) return;
  for (const [index, claim] of ingress.claims.entries()) {
    for (const use of ["gatewaysFrom", "routesFrom"] as const) {
      if (claim[use]?.some((selector) => typeof selector !== "string") !== true) continue;
      yield {
        path: ["ingress", "claims", index, use],
        problem:
          "chooses namespaces by label and must name them, as labels cannot be read with ingress.watchNamespaces",
      };
    }
  }
}

/** What follows the scheme of an address is in the pods' environment, for everybody to see who may look at them. */
function* tracing({ ingress }: StackConfig): Generator<Problem> {
  const { username, password } = new URL(ingress.tracing?.endpoint ?? "http://collector");
  if (username === "" && password === "") return;
  yield {
    path: ["ingress", "tracing", "endpoint"],
    problem:
      "holds a user or a password, which the pods would have in plain text. Send to a collector that asks for none",
  };
}

function* ports({ listeners, ingress }: StackConfig): Generator<Problem> {
  const seen = new Map<number, string>();
  for (const [index, { port }] of listeners.entries()) {
    const holder = seen.get(port);
    if (holder !== undefined)
      yield { path: ["listeners", index, "port"], problem: `is ${port}, which ${holder} has already` };
    else seen.set(port, `listeners[${index}]`);
  }
  for (const [gateway, members] of Map.groupBy(listeners, gatewayName)) {
    if (new Set(members.map(({ maxConnections }) => maxConnections)).size < 2) continue;
    const index = listeners.findLastIndex((listener) => gatewayName(listener) === gateway);
    yield {
      path: ["listeners", index, "maxConnections"],
      problem: `must be the same for every listener of Gateway ${gateway}, which the limit stands on. Give the listener a gateway of its own`,
    };
  }
  if (listeners.length === 0 && ingress.ports.length === 0) {
    yield {
      path: ["ingress", "ports"],
      problem: "is empty and must hold the ports of Gateways that others apply, as there are no listeners",
    };
  }
  const named: (readonly [readonly PropertyKey[], number])[] = [
    ...listeners.map(({ port }, index) => [["listeners", index, "port"], port] as const),
    ...ingress.ports.map((port, index) => [["ingress", "ports", index], port] as const),
  ];
  for (const [path, port] of named) {
    try {
      servicePorts([port]);
    } catch (error) {
      yield { path, problem: `is ${port}: ${(error as Error).message}` };
    }
  }
}
