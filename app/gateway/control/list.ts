import type { ApiServer } from "./api-server.ts";
import { resourcePath, type Resource, type Scope } from "./resources.ts";

/** An object as the API server gives it. */
export interface RawObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly resourceVersion?: string };
}

/** All objects of one kind at one moment. */
export interface Listed {
  readonly objects: readonly RawObject[];
  /** The version to watch from. */
  readonly resourceVersion: string;
}

/** Objects that one page of a list holds. */
const PAGE = 500;

interface Page {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  /** Of metadata alone null where there is nothing. */
  readonly items: readonly RawObject[] | null;
}

/**
 * Reads all objects of one kind, page by page.
 *
 * @param version - one of the resource's versions
 * @throws {ApiError} status 404: the version is not served; 410: the list has grown too old between two pages
 */
export async function listObjects(
  api: ApiServer,
  resource: Resource,
  version: string,
  scope: Scope,
  signal: AbortSignal,
): Promise<Listed> {
  const query = scopeQuery(scope, { limit: String(PAGE) });
  const items: RawObject[] = [];
  for (;;) {
    const page = (await api.get(
      resourcePath(resource, version, scope),
      query,
      acceptHeader(resource, "List"),
      signal,
    )) as Page;
    items.push(...(page.items ?? []));
    if (!page.metadata.continue) {
      return {
        objects: items.map((item) => typed(item, resource, version)),
        resourceVersion: page.metadata.resourceVersion,
      };
    }
    query.set("continue", page.metadata.continue);
  }
}

/** The parameters of a list or watch of a scope. */
export function scopeQuery({ name, selector }: Scope, parameters: Readonly<Record<string, string>>): URLSearchParams {
  const query = new URLSearchParams(parameters);
  if (name !== undefined) query.set("fieldSelector", `metadata.name=${name}`);
  if (selector !== undefined) query.set("labelSelector", selector);
  return query;
}

/** API concepts, "Receiving only metadata". */
export function acceptHeader({ metadataOnly }: Resource, suffix: "List" | ""): string {
  return metadataOnly ? `application/json;as=PartialObjectMetadata${suffix};g=meta.k8s.io;v=v1` : "application/json";
}

/** Items of a list come without kind, and metadata comes as a kind of its own. */
export function typed(object: RawObject, { kind, group }: Resource, version: string): RawObject {
  return { ...object, kind, apiVersion: group === "" ? version : `${group}/${version}` };
}
