import { Cluster } from "./api/client.ts";
import { Discovery } from "./api/discovery.ts";
import { ApiServer } from "./api/server.ts";
import { contextNamespace, loadKubeconfig } from "./kubeconfig.ts";
import { isNamespacedBuiltIn } from "./kinds.ts";
import { groupVersionKindOf, isCustomResourceDefinition, type KubernetesObject, textAt } from "./object.ts";
import type { Settings } from "./settings.ts";

/** The cluster that a provider resource stands for, or why there is none to talk to. */
export class Connection {
  /** Undefined where the cluster cannot be reached. */
  readonly cluster: Cluster | undefined;
  readonly unreachableReason: string;
  /** The namespace for objects that name none. */
  readonly defaultNamespace: string;
  /** Of Kubernetes 1; undefined where nobody is there to tell. */
  readonly minorVersion: number | undefined;
  /** Kinds that the program's own CustomResourceDefinitions will bring, and whether they have namespaces. */
  readonly #definitions = new Map<string, boolean>();

  constructor(
    cluster: Cluster | undefined,
    unreachableReason: string,
    defaultNamespace: string,
    minorVersion?: number,
  ) {
    this.cluster = cluster;
    this.unreachableReason = unreachableReason;
    this.defaultNamespace = defaultNamespace;
    this.minorVersion = minorVersion;
  }

  /** Throws for an unreachable cluster. */
  get reachable(): Cluster {
    if (this.cluster === undefined)
      throw new Error(`configured Kubernetes cluster is unreachable: ${this.unreachableReason}`);
    return this.cluster;
  }

  /** Notes a definition that the program declares, as its custom resources are checked before it is created. */
  declare(definition: KubernetesObject): void {
    if (!isCustomResourceDefinition(definition)) return;
    this.#definitions.set(
      `${textAt(definition, "spec", "group")}/${textAt(definition, "spec", "names", "kind")}`,
      textAt(definition, "spec", "scope") !== "Cluster",
    );
  }

  /** Whether objects of this one's kind live in namespaces; undefined where nobody can tell yet. */
  async isNamespaced(object: KubernetesObject): Promise<boolean | undefined> {
    const kind = groupVersionKindOf(object);
    const known = isNamespacedBuiltIn(kind) ?? this.#definitions.get(`${kind.group}/${kind.kind}`);
    if (known !== undefined || this.cluster === undefined) return known;
    return this.cluster.discovery.find(kind).then(
      ({ namespaced }) => namespaced,
      () => undefined,
    );
  }

  /** Whether the API server serves the object's kind by now. */
  async serves(object: KubernetesObject): Promise<boolean> {
    return this.cluster !== undefined && (await this.cluster.discovery.has(groupVersionKindOf(object)));
  }
}

/** A server that is this slow to answer is not there. */
const connectMillis = 30_000;

/** Connects to the cluster that the settings choose. Never throws: a stack may be destroyed, or rendered, without its cluster. */
export async function connect(settings: Settings): Promise<Connection> {
  let config;
  try {
    config = loadKubeconfig(settings);
  } catch (error) {
    const reason =
      settings.kubeconfig === ""
        ? `unable to load Kubernetes client configuration from kubeconfig file. Make sure you have: \n\n \t • set up the provider as per https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/ \n\n ${messageOf(error)}`
        : `failed to parse kubeconfig data in \`kubernetes:config:kubeconfig\`- ${messageOf(error)}`;
    return new Connection(undefined, reason, settings.namespace || "default");
  }
  const namespace = settings.namespace || contextNamespace(config);
  const server = new ApiServer(config);
  try {
    const signal = AbortSignal.timeout(connectMillis);
    const { minor } = (await server.request({ method: "GET", path: "/version", signal })) as { minor: string };
    return new Connection(new Cluster(server, new Discovery(server)), "", namespace, Number.parseInt(minor));
  } catch (error) {
    return new Connection(
      undefined,
      `unable to load schema information from the API server: ${messageOf(error)}`,
      namespace,
    );
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message || String(error) : String(error));
