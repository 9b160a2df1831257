import { type CheckRequest, type CheckResponse, hasSecrets } from "../../provider/index.ts";
import type { Connection } from "../connection.ts";
import { kindText } from "../kinds.ts";
import type { OperationLog } from "../log.ts";
import {
  type GroupVersionKind,
  groupVersionKindOf,
  type KubernetesObject,
  kindOf,
  mapAt,
  nameOf,
  valueAt,
  withValue,
} from "../object.ts";
import { annotateSecrets, toObject } from "../properties.ts";
import { isHelmRelease, isListType, isPatchType, kindOfType } from "../resource-type.ts";
import type { Settings } from "../settings.ts";
import { officialPluginHint } from "../unsupported.ts";
import { annotations } from "../annotations.ts";
import { deprecationOf, removalOf } from "./lifecycle.ts";
import { managedByLabel, withManagedByLabel } from "./managed-by.ts";
import { adoptName, assignName, hasGenerateName } from "./naming.ts";
import { normalize } from "./normalize.ts";

/** What goes to Diff, Create and Update: the program's inputs, normal, named, and with the default namespace. */
export async function check(
  request: CheckRequest,
  { settings, connection, log }: { settings: Settings; connection: Connection; log: OperationLog },
): Promise<CheckResponse> {
  if (connection.cluster === undefined && settings.skipUpdateUnreachable) {
    log.say("warning", "Cluster is unreachable but skipUpdateUnreachable flag is set to true, skipping...");
    return { inputs: request.olds };
  }
  refuseType(request.type);
  const given = toObject(request.news);
  const isPatch = isPatchType(request.type, kindOf(given));
  if (isPatch && !settings.serverSideApply)
    throw new Error(
      "patch resources require Server-Side Apply mode, which is enabled using the `enableServerSideApply` Provider config",
    );
  const inputs = normalize(given);
  if (isPatch && nameOf(inputs) === "") throw new Error("patch resources require the `.metadata.name` field to be set");
  warnOfAnnotations(inputs, settings, log);
  warnOfVersion(kindOfType(request.type), settings, connection, log);

  const named = nameInputs(inputs, toObject(request.olds), request, settings);
  if (hasGenerateName(named)) refuseGenerateName(settings);
  const placed = await placeInputs(named, settings, connection, log);
  connection.declare(placed);
  const checked = annotateSecrets(placed, request.news);
  if (settings.renderDirectory !== "" && hasSecrets(checked))
    log.say("warning", "rendered YAML will contain a secret value in plaintext");
  return { inputs: checked };
}

function refuseType(type: string): void {
  if (isHelmRelease(type))
    throw new Error(
      `helm.v3.Release is not supported by this stand-in of the kubernetes plugin: ${officialPluginHint}`,
    );
  if (isListType(type))
    throw new Error(
      "list resources exist for compatibility with YAML manifests and Helm charts, and cannot be created directly. Use the underlying resource type instead",
    );
  kindOfType(type);
}

function refuseGenerateName(settings: Settings): void {
  if (settings.serverSideApply)
    throw new Error("the `.metadata.generateName` field is not supported in Server-Side Apply mode");
  if (settings.renderDirectory !== "")
    throw new Error("the `.metadata.generateName` field is not supported in YAML rendering mode");
}

/** An object keeps the name that it was given, and the label that client-side apply has put on it. */
function nameInputs(
  inputs: KubernetesObject,
  old: KubernetesObject,
  request: CheckRequest,
  settings: Settings,
): KubernetesObject {
  if (Object.keys(old).length > 0) {
    const named = adoptName(inputs, old);
    return mapAt(old, "metadata", "labels")[managedByLabel] === "pulumi" ? withManagedByLabel(named) : named;
  }
  const named = assignName(inputs, request.name, request.randomSeed, request.autonaming);
  return settings.serverSideApply ? named : withManagedByLabel(named);
}

/**
 * A kind that nobody knows yet is most likely a custom resource, and those mostly live in namespaces. Rendered YAML leaves the question to whoever
 * applies it.
 */
async function placeInputs(
  inputs: KubernetesObject,
  settings: Settings,
  connection: Connection,
  log: OperationLog,
): Promise<KubernetesObject> {
  if (connection.defaultNamespace === "" || valueAt(inputs, "metadata", "namespace") !== undefined) return inputs;
  const namespaced = await connection.isNamespaced(inputs);
  if (namespaced === undefined && settings.renderDirectory !== "") {
    log.say(
      "warning",
      `no cluster can tell whether ${kindText(groupVersionKindOf(inputs))} lives in namespaces: its YAML is rendered without one`,
    );
    return inputs;
  }
  return (namespaced ?? true) ? withValue(inputs, ["metadata", "namespace"], connection.defaultNamespace) : inputs;
}

function warnOfVersion(
  kind: GroupVersionKind,
  settings: Settings,
  { minorVersion }: Connection,
  log: OperationLog,
): void {
  if (minorVersion === undefined) return;
  const removal = removalOf(kind, minorVersion);
  const deprecation = settings.suppressDeprecationWarnings ? undefined : deprecationOf(kind, minorVersion);
  const warning = removal ?? deprecation;
  if (warning !== undefined) log.say("warning", warning);
}

function warnOfAnnotations(inputs: KubernetesObject, settings: Settings, log: OperationLog): void {
  const set = mapAt(inputs, "metadata", "annotations");
  for (const name of Object.keys(set))
    if (name.startsWith(annotations.autonamed))
      log.say("warning", `ignoring user-specified value for internal annotation "${name}"`);
  const hooks = Object.entries(set).some(
    ([name, value]) => name.startsWith("helm.sh/hook") && !/test/.test(String(value)),
  );
  if (hooks && !settings.suppressHelmHookWarnings)
    log.say(
      "warning",
      "This resource contains Helm hooks that are not currently supported by Pulumi. The resource will be created, but any hooks will not be executed. Hooks support is tracked at https://github.com/pulumi/pulumi-kubernetes/issues/555 -- This warning can be disabled by setting the PULUMI_K8S_SUPPRESS_HELM_HOOK_WARNINGS environment variable",
    );
}
