import { ApiError, type ApiServer } from "../../app/gateway/control/api-server.ts";
import { listObjects, type RawObject } from "../../app/gateway/control/list.ts";
import type { Resource, Scope } from "../../app/gateway/control/resources.ts";
import type { Kind } from "../../routing/index.ts";
import { Failure } from "../failure.ts";

export interface ClusterObjects {
  readonly objects: readonly RawObject[];
  /** Kinds of which not every object could be read, for want of the right. */
  readonly unread: readonly Kind[];
}

interface Reading {
  readonly objects: readonly RawObject[];
  /** Whether these are all. */
  readonly whole: boolean;
}

/**
 * Reads all objects of some kinds in all namespaces; a kind that the API server does not serve has none. Where the right for all namespaces is missing, those of one namespace
 * are better than nothing.
 *
 * @param namespace - the one to fall back to; undefined: none
 * @throws {Failure} where nothing at all may be read
 */
export async function readCluster(
  api: ApiServer,
  resources: readonly Resource[],
  namespace: string | undefined,
): Promise<ClusterObjects> {
  const readings = await Promise.all(
    resources.map(async (resource) => ({ resource, reading: await readKind(api, resource, namespace) })),
  );
  if (readings.every(({ reading }) => reading === undefined)) {
    const kinds = resources.map(({ plural }) => plural).join(", ");
    throw new Failure(
      `Cannot read the cluster as none of ${kinds} may be listed: kubectl auth can-i --list says what may. Use another --context, or ask for the right to list them`,
    );
  }
  return {
    objects: readings.flatMap(({ reading }) => reading?.objects ?? []),
    unread: readings.flatMap(({ resource, reading }) => (reading?.whole === true ? [] : [resource.kind])),
  };
}

/** undefined: may not be read at all. */
async function readKind(
  api: ApiServer,
  resource: Resource,
  namespace: string | undefined,
): Promise<Reading | undefined> {
  const everywhere = await readScope(api, resource, {});
  if (everywhere !== undefined) return { objects: everywhere, whole: true };
  if (!resource.namespaced || namespace === undefined) return undefined;
  const some = await readScope(api, resource, { namespace });
  return some && { objects: some, whole: false };
}

/** undefined: may not be read. */
export async function readScope(
  api: ApiServer,
  resource: Resource,
  scope: Scope,
): Promise<readonly RawObject[] | undefined> {
  for (const version of resource.versions) {
    try {
      return await listAnew(api, resource, version, scope);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 403) return undefined;
      if (error.status !== 404) {
        throw new Failure(`Cannot list ${resource.plural}: ${error.message}`, { cause: error });
      }
    }
  }
  return [];
}

/** A list that grew too old between two pages is begun once more. */
async function listAnew(
  api: ApiServer,
  resource: Resource,
  version: string,
  scope: Scope,
): Promise<readonly RawObject[]> {
  const { signal } = new AbortController();
  const list = async (): Promise<readonly RawObject[]> =>
    (await listObjects(api, resource, version, scope, signal)).objects;
  try {
    return await list();
  } catch (error) {
    if (error instanceof ApiError && error.status === 410) return await list();
    throw error;
  }
}
