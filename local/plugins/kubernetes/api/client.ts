import { type GroupVersionKind, groupVersionKindOf, type KubernetesObject, namespaceOf } from "../object.ts";
import type { ApiResource, Discovery } from "./discovery.ts";
import type { ApiServer } from "./server.ts";

export interface WriteOptions {
  readonly fieldManager?: string;
  /** Lets the server check and compute, and keep nothing. */
  readonly dryRun?: boolean;
}

/** Requests about the objects of one kind in one namespace. */
export class ResourceClient {
  readonly #server: ApiServer;
  readonly #path: string;

  constructor(server: ApiServer, resource: ApiResource, namespace: string) {
    this.#server = server;
    this.#path = resource.namespaced
      ? `${resource.root}/namespaces/${encodeURIComponent(namespace || "default")}/${resource.name}`
      : `${resource.root}/${resource.name}`;
  }

  async get(name: string): Promise<KubernetesObject> {
    return (await this.#server.request({ method: "GET", path: this.#named(name) })) as KubernetesObject;
  }

  async create(object: KubernetesObject, options: WriteOptions = {}): Promise<KubernetesObject> {
    return (await this.#server.request({
      method: "POST",
      path: this.#path,
      query: { ...query(options), fieldValidation: "Warn" },
      body: object,
    })) as KubernetesObject;
  }

  /** Replaces the object whole; it has to carry the resourceVersion that it replaces. */
  async replace(name: string, object: KubernetesObject, options: WriteOptions = {}): Promise<KubernetesObject> {
    return (await this.#server.request({
      method: "PUT",
      path: this.#named(name),
      query: query(options),
      body: object,
    })) as KubernetesObject;
  }

  /** Server-side apply (https://kubernetes.io/docs/reference/using-api/server-side-apply/); JSON is YAML. `force` takes fields from other managers. */
  apply(
    name: string,
    object: KubernetesObject,
    options: WriteOptions & { readonly force?: boolean },
  ): Promise<KubernetesObject> {
    return this.patch(name, "application/apply-patch+yaml", object, options);
  }

  async patch(
    name: string,
    contentType: string,
    patch: unknown,
    options: WriteOptions & { readonly force?: boolean } = {},
  ): Promise<KubernetesObject> {
    const force = options.force === undefined ? undefined : String(options.force);
    return (await this.#server.request({
      method: "PATCH",
      path: this.#named(name),
      query: { ...query(options), force },
      contentType,
      body: patch,
    })) as KubernetesObject;
  }

  async delete(name: string, options: { readonly propagationPolicy: string }): Promise<void> {
    await this.#server.request({
      method: "DELETE",
      path: this.#named(name),
      body: { kind: "DeleteOptions", apiVersion: "v1", ...options },
    });
  }

  async list(
    selector: Selector = {},
  ): Promise<{ readonly items: readonly KubernetesObject[]; readonly resourceVersion: string }> {
    const list = (await this.#server.request({ method: "GET", path: this.#path, query: { ...selector } })) as {
      readonly apiVersion: string;
      readonly kind: string;
      readonly metadata: { readonly resourceVersion: string };
      readonly items: readonly KubernetesObject[];
    };
    // Items of a list carry neither of these, while events do.
    const type = { apiVersion: list.apiVersion, kind: list.kind.replace(/List$/, "") };
    return { items: list.items.map((item) => ({ ...type, ...item })), resourceVersion: list.metadata.resourceVersion };
  }

  /** Opens a watch; its body is one JSON event a line. */
  watch(selector: Selector, resourceVersion: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    return this.#server.open({
      method: "GET",
      path: this.#path,
      query: { ...selector, watch: "true", resourceVersion, allowWatchBookmarks: "true" },
      signal,
    });
  }

  #named(name: string): string {
    return `${this.#path}/${encodeURIComponent(name)}`;
  }
}

/** Which objects a list or a watch is about; all of the namespace where left out. */
export interface Selector {
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

function query(options: WriteOptions): Record<string, string | undefined> {
  return { fieldManager: options.fieldManager, dryRun: options.dryRun === true ? "All" : undefined };
}

/** Makes clients for the kinds of objects that a stack holds. */
export class Cluster {
  readonly server: ApiServer;
  readonly discovery: Discovery;

  constructor(server: ApiServer, discovery: Discovery) {
    this.server = server;
    this.discovery = discovery;
  }

  /** Throws a NoMatchError where the server does not have the kind. */
  async client(kind: GroupVersionKind, namespace: string): Promise<ResourceClient> {
    return new ResourceClient(this.server, await this.discovery.find(kind), namespace);
  }

  clientFor(object: KubernetesObject): Promise<ResourceClient> {
    return this.client(groupVersionKindOf(object), namespaceOf(object));
  }
}
