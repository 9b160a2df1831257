import type { DiffRequest, DiffResponse } from "../../provider/index.ts";
import { diff, keepsName } from "../diff/diff.ts";
import { annotations, isAnnotationTrue } from "../annotations.ts";
import { isConditionTrue } from "../await/conditions.ts";
import { kindOf, type KubernetesObject, nameOf } from "../object.ts";
import { parseCheckpoint, toObject } from "../properties.ts";
import type { OperationContext } from "./context.ts";

const replaceUnreadyPath = `.metadata.annotations["${annotations.replaceUnready}"]`;

/** What a new version of a resource would change; a Job that has not completed is replaced where its annotation says so. */
export async function diffResource(request: DiffRequest, context: OperationContext): Promise<DiffResponse> {
  const { settings, connection } = context;
  const response = await diff(request, {
    mutability: settings.mutable,
    isNamespaced: async (object) => (await connection.isNamespaced(object)) ?? true,
  });
  const wanted = toObject(request.news);
  const { live } = parseCheckpoint(request.olds);
  if (isAnnotationTrue(wanted, annotations.replaceUnready) && (await isUnready(wanted, live, context)))
    return {
      ...response,
      changes: "some",
      replaces: [...(response.replaces ?? []), replaceUnreadyPath],
      deleteBeforeReplace: keepsName(wanted, live),
    };
  return settings.alwaysRender && settings.renderDirectory !== "" ? { ...response, changes: "some" } : response;
}

async function isUnready(
  wanted: KubernetesObject,
  live: KubernetesObject,
  { connection, log }: OperationContext,
): Promise<boolean> {
  if (connection.cluster === undefined) {
    log.say("warning", "Cluster is unreachable, skipping replaceUnready check");
    return false;
  }
  if (kindOf(wanted) !== "Job") {
    log.say("warning", "replaceUnready annotation is not supported for this resource");
    return false;
  }
  const client = await connection.cluster.clientFor(live);
  // A Job that cannot be read is not known to be unready.
  const job = await client.get(nameOf(live)).catch(() => undefined);
  return job !== undefined && !isConditionTrue(job, "Complete");
}
