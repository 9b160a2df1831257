import {
  hasSecrets,
  hasUnknowns,
  InitializationError,
  type UpdateRequest,
  type UpdateResponse,
} from "../../provider/index.ts";
import { annotations, isAnnotationTrue } from "../annotations.ts";
import type { Cluster, ResourceClient } from "../api/client.ts";
import { isForbidden, NoMatchError } from "../api/error.ts";
import { normalize } from "../inputs/normalize.ts";
import { prune } from "../inputs/prune.ts";
import { parsePath } from "../diff/path.ts";
import {
  idOf,
  isCustomResourceDefinition,
  type KubernetesObject,
  kindOf,
  listAt,
  nameOf,
  textAt,
  valueAt,
  withoutValue,
  withValue,
} from "../object.ts";
import { parseCheckpoint, toCheckpoint, toObject } from "../properties.ts";
import { renderObject } from "../render/render.ts";
import { isPatchType } from "../resource-type.ts";
import type { OperationContext } from "./context.ts";
import { explainConflict, messageOf, reasonsOf } from "./errors.ts";
import { createManager, fieldManagerOf } from "./field-manager.ts";
import { hasOwnUpdates, isManaged, takeOver } from "./managed-fields.ts";
import { mergePatch } from "./merge-patch.ts";
import { relinquish } from "./relinquish.ts";
import { waitForReady } from "./wait.ts";

/** Changes an object in place; a preview lets the API server compute it and keep nothing. */
export async function update(request: UpdateRequest, context: OperationContext): Promise<UpdateResponse> {
  const { settings, connection } = context;
  const inputs = normalize(toObject(request.news));
  if (request.preview && (settings.renderDirectory !== "" || hasUnknowns(inputs) || !(await connection.serves(inputs))))
    return { properties: request.news };

  const old = parseCheckpoint(request.olds);
  const fieldManager = fieldManagerOf(inputs, old.fieldManager, settings);
  const checkpoint = (live: KubernetesObject) =>
    toCheckpoint(inputs, live, request.news, old.initialApiVersion, fieldManager);
  if (settings.renderDirectory !== "") {
    await renderObject(inputs, {
      directory: settings.renderDirectory,
      secret: hasSecrets(request.news),
      log: context.log,
    });
    return { properties: checkpoint(inputs) };
  }

  const cluster = connection.reachable;
  const change = { cluster, inputs, old, fieldManager, request };
  let live: KubernetesObject;
  try {
    live = await writeAndWait(change, context);
  } catch (error) {
    if (request.preview && isForbidden(error)) return { properties: request.news };
    throw await updateError(error, { ...change, checkpoint });
  }
  const oldManager = fieldManagerOf(old.inputs, old.fieldManager, settings);
  if (settings.serverSideApply && !request.preview && oldManager !== fieldManager)
    await relinquish(await cluster.clientFor(live), live, oldManager);
  return { properties: checkpoint(live) };
}

interface Change {
  readonly cluster: Cluster;
  readonly inputs: KubernetesObject;
  readonly old: ReturnType<typeof parseCheckpoint>;
  readonly fieldManager: string;
  readonly request: UpdateRequest;
}

async function writeAndWait(change: Change, context: OperationContext): Promise<KubernetesObject> {
  const { cluster, inputs, old, request } = change;
  const client = await cluster.clientFor(inputs);
  const before = await client.get(nameOf(old.live));
  const written = await write(client, before, change, context);
  if (request.preview) return written;
  if (isCustomResourceDefinition(inputs)) cluster.discovery.forget();
  return waitForReady(
    written,
    { cluster, inputs, last: before, initialApiVersion: old.initialApiVersion, timeoutSeconds: request.timeout },
    context,
  );
}

/** The object is there still, with what has come of the change: the engine keeps that, and tries again on the next run. */
async function updateError(
  error: unknown,
  {
    cluster,
    old,
    request,
    checkpoint,
  }: Change & { checkpoint: (live: KubernetesObject) => ReturnType<typeof toCheckpoint> },
): Promise<Error> {
  if (error instanceof NoMatchError)
    return new Error(
      `update of resource "${request.urn}" failed because the Kubernetes API server reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been created: ${error.message}`,
      { cause: error },
    );
  try {
    const live = await (await cluster.clientFor(old.live)).get(nameOf(old.live));
    const message = `the Kubernetes API server reported that "${idOf(live)}" failed to fully initialize or become live: ${messageOf(error)}`;
    return new InitializationError(message, {
      id: idOf(live),
      properties: checkpoint(live),
      reasons: reasonsOf(message, error),
    });
  } catch (reading) {
    return new Error(
      `update of resource "${request.urn}" failed: ${messageOf(error)}\nunable to get cluster state: ${messageOf(reading)}`,
      { cause: error },
    );
  }
}

async function write(
  client: ResourceClient,
  before: KubernetesObject,
  change: Change,
  { settings }: OperationContext,
): Promise<KubernetesObject> {
  const { inputs, old, fieldManager, request } = change;
  const dryRun = request.preview;
  if (isCustomResourceDefinition(inputs)) {
    // A definition is replaced whole, as kubectl replace does: applied, a version that is left out would stay.
    const resourceVersion = textAt(before, "metadata", "resourceVersion");
    return client.replace(nameOf(before), withValue(inputs, ["metadata", "resourceVersion"], resourceVersion), {
      fieldManager,
      dryRun,
    });
  }
  if (!settings.serverSideApply) {
    const ignored = request.ignoreChanges.map(namesOf);
    const wanted = ignored.reduce<KubernetesObject>((object, path) => withLive(object, before, path), inputs);
    const patch = mergePatch(prune(old.live, normalize(old.inputs)), wanted);
    return client.patch(nameOf(before), "application/merge-patch+json", patch, { fieldManager: createManager, dryRun });
  }
  const isPatch = isPatchType(request.type, kindOf(inputs));
  const owned = isPatch || dryRun ? before : await takeOverFields(client, before, fieldManager);
  const wanted = request.ignoreChanges
    .map(namesOf)
    .reduce<KubernetesObject>((object, path) => ignoring(object, owned, path, fieldManager), inputs);
  const force =
    settings.patchForce ||
    isAnnotationTrue(inputs, annotations.patchForce) ||
    listAt(owned, "metadata", "managedFields").length === 0 ||
    (dryRun && hasOwnUpdates(owned));
  return client.apply(nameOf(owned), wanted, { fieldManager, force, dryRun }).catch((error: unknown) => {
    throw explainConflict(error, fieldManager);
  });
}

async function takeOverFields(
  client: ResourceClient,
  before: KubernetesObject,
  fieldManager: string,
): Promise<KubernetesObject> {
  const managedFields = takeOver(before, fieldManager);
  if (managedFields === undefined) return before;
  return client.patch(nameOf(before), "application/json-patch+json", [
    { op: "replace", path: "/metadata/managedFields", value: managedFields },
  ]);
}

const namesOf = (path: string): readonly string[] => parsePath(path).map(String);

/** A field that changes are ignored of is left to its other manager, if it has one, and else is applied as it is. */
function ignoring(
  inputs: KubernetesObject,
  live: KubernetesObject,
  path: readonly string[],
  fieldManager: string,
): KubernetesObject {
  const others = isManaged(live, path, (manager) => manager !== fieldManager);
  const ours = isManaged(live, path, (manager) => manager === fieldManager);
  return others && !ours ? withoutValue(inputs, path) : withLive(inputs, live, path);
}

function withLive(inputs: KubernetesObject, live: KubernetesObject, path: readonly string[]): KubernetesObject {
  const value = valueAt(live, ...path);
  return value === undefined ? inputs : withValue(inputs, path, value);
}
