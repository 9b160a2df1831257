import { apiVersionText, type GroupVersionKind } from "../object.ts";
import { isNotFound, NoMatchError } from "./error.ts";
import type { ApiServer } from "./server.ts";

/** How the API server serves a kind. */
export interface ApiResource {
  /** Path of the kind's group and version, such as `/apis/apps/v1`. */
  readonly root: string;
  /** The plural that stands in paths, such as `deployments`. */
  readonly name: string;
  readonly namespaced: boolean;
}

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

/** Tells how kinds are served. What was found is remembered until `forget`, per group and version. */
export class Discovery {
  readonly #server: ApiServer;
  readonly #lists = new Map<string, Promise<ResourceList>>();

  constructor(server: ApiServer) {
    this.#server = server;
  }

  /** Throws a NoMatchError where the server has no such kind. */
  async find(kind: GroupVersionKind): Promise<ApiResource> {
    const root = `${kind.group === "" ? "/api" : "/apis"}/${apiVersionText(kind)}`;
    const list = await this.#list(root, kind);
    const found = list.resources.find((resource) => resource.kind === kind.kind && !resource.name.includes("/"));
    if (found === undefined) throw new NoMatchError(kind);
    return { root, name: found.name, namespaced: found.namespaced };
  }

  /** Whether the server has the kind; an error on the way counts as no. */
  async has(kind: GroupVersionKind): Promise<boolean> {
    return this.find(kind).then(
      () => true,
      () => false,
    );
  }

  /** Asks anew from now on, as a CustomResourceDefinition was changed. */
  forget(): void {
    this.#lists.clear();
  }

  #list(root: string, kind: GroupVersionKind): Promise<ResourceList> {
    const known = this.#lists.get(root);
    if (known !== undefined) return known;
    const asked = this.#server.request({ method: "GET", path: root }).then(
      (list) => list as ResourceList,
      (error: unknown) => {
        this.#lists.delete(root);
        throw isNotFound(error) ? new NoMatchError(kind) : error;
      },
    );
    this.#lists.set(root, asked);
    return asked;
  }
}
