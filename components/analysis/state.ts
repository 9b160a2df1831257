import structs from "google-protobuf/google/protobuf/struct_pb.js";
import * as pulumi from "@pulumi/pulumi";
import resources from "@pulumi/pulumi/proto/resource_pb.js";

/** An object that a component made when the stack was last deployed. */
export interface StateObject {
  /** As the cluster had it when it was last changed or refreshed. */
  readonly manifest: object;
  /** Some of it must not be shown. */
  readonly secret: boolean;
}

/** Components whose objects are routing declarations. */
const components = ["Gateway", "VirtualService", "DestinationRule", "RoutingManifests"].map(
  (name) => `tcp-ingress:index:${name}`,
);

/**
 * What the state of the stack holds of the objects that routing components made, before this deployment changes any of them; undefined where the engine does not say.
 *
 * The engine reads it for whoever asks for a stack's resource outputs (`readStackResourceOutputs`, which also answers in a preview), so that objects that are no longer
 * declared are known too. Asked by hand, not by `pulumi.runtime.invoke`: that writes all of the state, with its secrets, into the engine's debug log.
 */
export async function readState(): Promise<StateObject[] | undefined> {
  for (const name of stackNames()) {
    const outputs = await resourceOutputs(name);
    if (outputs !== undefined) return Object.entries(outputs).flatMap(objectOf);
  }
  return undefined;
}

function stackNames(): string[] {
  const stack = pulumi.getStack();
  try {
    // A backend whose stacks are not of a project knows none but the short name.
    return [`${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`, stack];
  } catch {
    // The SDK throws where the engine has told of no organization.
    return [stack];
  }
}

/** Outputs by URN, secrets still marked. */
async function resourceOutputs(stackName: string): Promise<Record<string, unknown> | undefined> {
  const request = new resources.ResourceInvokeRequest();
  request.setTok("pulumi:pulumi:readStackResourceOutputs");
  request.setArgs(structs.Struct.fromJavaScript({ stackName }));
  const monitor = pulumi.runtime.getMonitor() as Monitor | undefined;
  if (monitor === undefined) return undefined;
  const answer = await new Promise<resources.ResourceInvokeResponse | undefined>((resolve) => {
    // A state that cannot be read is no reason to fail: the deployment itself will say so if it matters.
    void monitor.invoke(request, (error, response) => resolve(error === null ? response : undefined));
  });
  const { outputs } = (answer?.getReturn()?.toJavaScript() ?? {}) as { outputs?: Record<string, unknown> };
  return isRecord(outputs) ? outputs : undefined;
}

/** The engine's gRPC client, of which the SDK has no type. */
interface Monitor {
  invoke(
    request: resources.ResourceInvokeRequest,
    callback: (error: Error | null, response: resources.ResourceInvokeResponse | undefined) => void,
  ): unknown;
}

function objectOf([urn, resource]: [string, unknown]): StateObject[] {
  const [parent] = (urn.split("::")[2] ?? "").split("$").slice(-2);
  if (parent === undefined || !components.includes(parent) || !isRecord(resource)) return [];
  const found = { secret: false };
  const outputs = reveal(resource["outputs"], found);
  if (!isRecord(outputs)) return [];
  const { apiVersion, kind, metadata, spec } = outputs;
  return [{ manifest: { apiVersion, kind, metadata, spec }, secret: found.secret }];
}

/** Takes the marks of secrets off. */
function reveal(value: unknown, found: { secret: boolean }): unknown {
  if (Array.isArray(value)) return value.map((item) => reveal(item, found));
  if (!isRecord(value)) return value;
  if (value[pulumi.runtime.specialSigKey] === pulumi.runtime.specialSecretSig) {
    found.secret = true;
    return reveal(value["value"], found);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reveal(item, found)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
