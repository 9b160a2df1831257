import { setTimeout as delay } from "node:timers/promises";
import {
  type CreateRequest,
  type CreateResponse,
  hasSecrets,
  hasUnknowns,
  InitializationError,
} from "../../provider/index.ts";
import { annotations, isAnnotationTrue } from "../annotations.ts";
import type { Cluster } from "../api/client.ts";
import { isAlreadyExists, isForbidden, isNamespaceNotFound, isNotFound, NoMatchError } from "../api/error.ts";
import { AwaitError } from "../await/error.ts";
import { removalOf } from "../inputs/lifecycle.ts";
import {
  apiVersionOf,
  groupVersionKindOf,
  idOf,
  isCustomResourceDefinition,
  type KubernetesObject,
  kindOf,
  nameOf,
  withoutValue,
} from "../object.ts";
import { toCheckpoint, toObject } from "../properties.ts";
import { renderObject } from "../render/render.ts";
import { isPatchType, kindOfType } from "../resource-type.ts";
import { kindText } from "../kinds.ts";
import type { OperationContext } from "./context.ts";
import { explainConflict, messageOf, reasonsOf, withAlreadyExistsHelp } from "./errors.ts";
import { createManager, fieldManagerOf } from "./field-manager.ts";
import { awaitEstablished } from "./established.ts";
import { waitForReady } from "./wait.ts";

/** Delays between attempts, as things may be made in a wrong order: an object before its namespace, a custom resource before its definition. */
const retryMillis = [250, 500, 1_000, 2_000, 4_000, 8_000];

/** Makes an object; a preview lets the API server make it and keep nothing. */
export async function create(request: CreateRequest, context: OperationContext): Promise<CreateResponse> {
  const { settings, connection, log } = context;
  const inputs = toObject(request.properties);
  const isPatch = isPatchType(request.type, kindOf(inputs));
  const asGiven = { id: "", properties: request.properties };
  if (
    request.preview &&
    (settings.renderDirectory !== "" ||
      hasUnknowns(inputs) ||
      isPatch ||
      !settings.serverSideApply ||
      !(await connection.serves(inputs)))
  )
    return asGiven;

  const fieldManager = fieldManagerOf(inputs, undefined, settings);
  const checkpoint = (live: KubernetesObject) =>
    toCheckpoint(inputs, live, request.properties, apiVersionOf(inputs), fieldManager);
  if (settings.renderDirectory !== "") {
    await renderObject(inputs, { directory: settings.renderDirectory, secret: hasSecrets(request.properties), log });
    return { id: idOf(inputs), properties: checkpoint(inputs) };
  }

  const cluster = connection.reachable;
  let written: KubernetesObject;
  try {
    written = await write(
      inputs,
      { cluster, fieldManager, apply: isPatch || settings.upsert, preview: request.preview },
      context,
    );
  } catch (error) {
    if (request.preview && (isForbidden(error) || isNamespaceNotFound(error) || isAlreadyExists(error))) return asGiven;
    throw new Error(creationMessage(request, error), { cause: error });
  }
  log.clear();
  if (request.preview) return { id: "", properties: checkpoint(withoutValue(written, ["status"])) };

  try {
    const live = await waitForReady(
      written,
      { cluster, inputs, initialApiVersion: apiVersionOf(inputs), timeoutSeconds: request.timeout },
      context,
    );
    if (isCustomResourceDefinition(inputs)) await awaitEstablished(live, cluster, context);
    return { id: idOf(live), properties: checkpoint(live) };
  } catch (error) {
    const message = `resource "${request.urn}" was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live: ${messageOf(error)}`;
    const live = error instanceof AwaitError ? error.object : written;
    throw new InitializationError(message, {
      id: idOf(live),
      properties: checkpoint(live),
      reasons: reasonsOf(message, error),
    });
  }
}

/** Sends the object until it is taken, or refused for a reason that time does not heal. */
async function write(
  inputs: KubernetesObject,
  {
    cluster,
    fieldManager,
    apply,
    preview,
  }: { cluster: Cluster; fieldManager: string; apply: boolean; preview: boolean },
  { settings, connection, log, cancelled }: OperationContext,
): Promise<KubernetesObject> {
  const force = preview || settings.patchForce || isAnnotationTrue(inputs, annotations.patchForce);
  for (let attempt = 0; ; attempt++) {
    try {
      const client = await cluster.clientFor(inputs);
      if (!apply) return await client.create(inputs, { fieldManager: createManager, dryRun: preview });
      return await client
        .apply(nameOf(inputs), inputs, { fieldManager, force, dryRun: preview })
        .catch((error: unknown) => {
          throw explainConflict(error, fieldManager);
        });
    } catch (error) {
      if (preview && isNamespaceNotFound(error)) throw error;
      const removal =
        error instanceof NoMatchError ? removalOf(groupVersionKindOf(inputs), connection.minorVersion ?? 0) : undefined;
      if (removal !== undefined) throw new Error(removal, { cause: error });
      const wait = retryMillis[attempt];
      log.status("info", `Retry #${attempt}; creation failed: ${messageOf(error)}`);
      if (preview || wait === undefined || !(isNotFound(error) || error instanceof NoMatchError)) throw error;
      await delay(wait, undefined, { signal: cancelled });
      cluster.discovery.forget();
    }
  }
}

function creationMessage({ urn, type }: CreateRequest, error: unknown): string {
  if (error instanceof NoMatchError)
    return `creation of resource "${urn}" with kind ${kindText(kindOfType(type))} failed because the Kubernetes API server reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been created: ${error.message}`;
  const message = `resource "${urn}" was not successfully created by the Kubernetes API server: ${messageOf(error)}`;
  return isAlreadyExists(error) ? withAlreadyExistsHelp(message) : message;
}
