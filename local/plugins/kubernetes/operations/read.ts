import { InitializationError, type PropertyMap, type ReadRequest, type ReadResponse } from "../../provider/index.ts";
import { isNotFound, NoMatchError } from "../api/error.ts";
import { AwaitError } from "../await/error.ts";
import { readinessOnRead } from "../await/index.ts";
import { checkReady } from "../await/run.ts";
import { normalize } from "../inputs/normalize.ts";
import { prune } from "../inputs/prune.ts";
import {
  apiVersionOf,
  apiVersionText,
  type KubernetesObject,
  kindOf,
  nameOf,
  namespaceOf,
  parseId,
  withValue,
} from "../object.ts";
import { annotateSecrets, parseCheckpoint, toCheckpoint, toObject } from "../properties.ts";
import { kindOfType } from "../resource-type.ts";
import type { OperationContext } from "./context.ts";
import { messageOf, reasonsOf } from "./errors.ts";
import { fieldManagerOf } from "./field-manager.ts";

const gone: ReadResponse = { id: "", properties: {}, inputs: {} };

/** Reads an object as it is now, for a refresh, an import or a `get`. Without earlier inputs, its kind and name are all that the inputs say. */
export async function read(request: ReadRequest, context: OperationContext): Promise<ReadResponse> {
  const { settings, connection, log } = context;
  if (connection.cluster === undefined && settings.renderDirectory === "") return readUnreachable(request, context);

  const old = parseCheckpoint(request.properties);
  const { inputs, isNew } = identify(normalize(toObject(request.inputs)), old.live, request);
  const fieldManager = fieldManagerOf(inputs, old.fieldManager, settings);
  const initialApiVersion = old.initialApiVersion || apiVersionOf(inputs);
  if (connection.cluster === undefined || settings.renderDirectory !== "")
    return {
      id: request.id,
      properties: toCheckpoint(inputs, old.live, request.properties, initialApiVersion, fieldManager),
      inputs: request.inputs,
    };

  let live: KubernetesObject;
  let failure: unknown;
  try {
    const client = await connection.cluster.clientFor(inputs);
    live = await client.get(parseId(request.id).name);
    const create = isNew ? undefined : readinessOnRead(inputs, live);
    if (create !== undefined) {
      const readiness = create({ object: live, last: undefined, initialApiVersion, log });
      try {
        await checkReady(readiness, { cluster: connection.cluster, log });
        log.clear();
      } catch (error) {
        if (!(error instanceof AwaitError)) throw error;
        failure = error;
      }
      live = readiness.object;
    }
  } catch (error) {
    if (error instanceof NoMatchError || isNotFound(error)) return gone;
    throw error;
  }

  const liveInputs = prune(live, inputs);
  const properties = toCheckpoint(liveInputs, live, request.inputs, initialApiVersion, fieldManager);
  const found: PropertyMap = annotateSecrets(liveInputs, request.inputs);
  if (failure !== undefined)
    throw new InitializationError(messageOf(failure), {
      id: request.id,
      properties,
      inputs: found,
      reasons: reasonsOf(messageOf(failure), failure),
    });
  return { id: request.id, properties, inputs: found };
}

/** Inputs that say at least which object is meant. */
function identify(
  inputs: KubernetesObject,
  live: KubernetesObject,
  request: ReadRequest,
): { inputs: KubernetesObject; isNew: boolean } {
  if (apiVersionOf(inputs) !== "") return { inputs, isNew: false };
  const { namespace, name } = parseId(request.id);
  const isNew = apiVersionOf(live) === "";
  const kind = kindOfType(request.type);
  const typed: KubernetesObject = {
    ...inputs,
    apiVersion: isNew ? apiVersionText(kind) : apiVersionOf(live),
    kind: isNew ? kind.kind : kindOf(live),
  };
  const named = nameOf(typed) === "" ? withValue(typed, ["metadata", "name"], name) : typed;
  return {
    inputs:
      namespaceOf(named) === "" && namespace !== "" ? withValue(named, ["metadata", "namespace"], namespace) : named,
    isNew,
  };
}

function readUnreachable(request: ReadRequest, { settings, connection, log }: OperationContext): ReadResponse {
  log.say("warning", `configured Kubernetes cluster is unreachable: ${connection.unreachableReason}`);
  if (settings.deleteUnreachable) {
    log.say(
      "info",
      "configured Kubernetes cluster is unreachable and the `deleteUnreachable` option is enabled. Deleting the unreachable resource from Pulumi state",
    );
    return gone;
  }
  if (settings.skipUpdateUnreachable) {
    log.say(
      "info",
      "configured Kubernetes cluster is unreachable and the `skipUnreachable` option is enabled. Returned data could not reflect the actual cluster configuration.",
    );
    return { id: request.id, properties: request.properties, inputs: request.inputs };
  }
  throw new Error(
    'failed to read resource state due to unreachable cluster. If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"',
  );
}
