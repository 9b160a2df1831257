import { type DeleteRequest, InitializationError } from "../../provider/index.ts";
import { annotations, isAnnotationTrue, propagationPolicy, timeoutMillis } from "../annotations.ts";
import type { ResourceClient } from "../api/client.ts";
import { type ApiError, isForbidden, isInvalid, isNotFound, NoMatchError } from "../api/error.ts";
import { awaitDeleted } from "../await/deleted.ts";
import { AwaitError } from "../await/error.ts";
import { idOf, isCustomResourceDefinition, type KubernetesObject, kindOf, nameOf, parseId } from "../object.ts";
import { parseCheckpoint, toCheckpoint } from "../properties.ts";
import { unrenderObject } from "../render/render.ts";
import { isPatchType } from "../resource-type.ts";
import type { OperationContext } from "./context.ts";
import { messageOf, reasonsOf } from "./errors.ts";
import { fieldManagerOf } from "./field-manager.ts";
import { relinquish } from "./relinquish.ts";
import { defaultTimeoutMillis } from "./wait.ts";

/** Kinds for which skipAwait also means not to wait for a deletion. */
const skippable: ReadonlySet<string> = new Set([
  "Namespace",
  "Pod",
  "ReplicationController",
  "DaemonSet",
  "Deployment",
  "StatefulSet",
  "Job",
]);

/** Deletes an object and waits until it is gone; a patch resource gives up its fields instead. */
export async function remove(request: DeleteRequest, context: OperationContext): Promise<void> {
  const { settings, connection, log } = context;
  const { inputs, live, fieldManager: inState, initialApiVersion } = parseCheckpoint(request.properties);
  if (settings.renderDirectory !== "") return unrenderObject(live, { directory: settings.renderDirectory, log });
  if (connection.cluster === undefined) return removeUnreachable(context);

  const fieldManager = fieldManagerOf(inputs, inState, settings);
  const isPatch = settings.serverSideApply && isPatchType(request.type, kindOf(inputs));
  const { name } = parseId(request.id);
  try {
    const client = await connection.cluster.clientFor(live);
    if (isPatch) return await removePatch(client, live, fieldManager);
    if (!(await deleteObject(client, name, { inputs, live, fieldManager }))) return;
    if (!(isAnnotationTrue(inputs, annotations.skipAwait) && skippable.has(kindOf(inputs))))
      await awaitDeleted(client, live, {
        log,
        cancelled: context.cancelled,
        timeoutMillis: timeoutMillis(inputs, request.timeout) ?? defaultTimeoutMillis,
      });
    if (isCustomResourceDefinition(live)) connection.cluster.discovery.forget();
    log.clear();
  } catch (error) {
    // Without its definition a custom resource is gone too.
    if (error instanceof NoMatchError) return;
    if (!(error instanceof AwaitError)) throw error;
    const state = toCheckpoint(live, error.object, request.properties, initialApiVersion, fieldManager);
    throw new InitializationError(error.message, {
      id: idOf(error.object),
      properties: state,
      reasons: reasonsOf(messageOf(error), error),
    });
  }
}

function removeUnreachable({ settings, connection, log }: OperationContext): void {
  log.say("warning", `configured Kubernetes cluster is unreachable: ${connection.unreachableReason}`);
  if (!settings.deleteUnreachable)
    throw new Error(
      'configured Kubernetes cluster is unreachable. If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"',
    );
  log.say(
    "info",
    "configured Kubernetes cluster is unreachable and the `deleteUnreachable` option is enabled. Deleting the unreachable resource from Pulumi state",
  );
}

/** An object that is gone has no fields to give up, and must not be made again by an apply. */
async function removePatch(client: ResourceClient, live: KubernetesObject, fieldManager: string): Promise<void> {
  try {
    await client.get(nameOf(live));
    await relinquish(client, live, fieldManager);
  } catch (error) {
    if (isNotFound(error)) return;
    const field = isInvalid(error) ? requiredField(error) : undefined;
    if (field === undefined) throw error;
    throw new Error(
      `this Patch resource is currently managing a required field, so it can't be deleted directly. Either set the \`retainOnDelete\` resource option, or transfer ownership of the field before deleting: ${field}`,
      { cause: error },
    );
  }
}

const requiredField = ({ status }: ApiError): string | undefined =>
  status.details?.causes?.find(({ reason }) => reason === "FieldValueRequired")?.field;

/** Sends the deletion. False: there is nothing to wait for, as the object is gone, or protected by the API server and given up instead. */
async function deleteObject(
  client: ResourceClient,
  name: string,
  object: { inputs: KubernetesObject; live: KubernetesObject; fieldManager: string },
): Promise<boolean> {
  try {
    await client.delete(name, { propagationPolicy: propagationPolicy(object.inputs) });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    if (!isForbidden(error) || !/may not be deleted/.test(error.message)) throw error;
    await relinquish(client, object.live, object.fieldManager);
    return false;
  }
}
