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
    const answer = await resourceOutputs(name);
    if (answer !== undefined) return stateObjects(answer);
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

/** What the engine answers; undefined where it cannot tell. */
async function resourceOutputs(stackName: string): Promise<structs.Struct | undefined> {
  const request = new resources.ResourceInvokeRequest();
  request.setTok("pulumi:pulumi:readStackResourceOutputs");
  request.setArgs(structs.Struct.fromJavaScript({ stackName }));
  const monitor = pulumi.runtime.getMonitor() as Monitor | undefined;
  if (monitor === undefined) return undefined;
  const answer = await new Promise<resources.ResourceInvokeResponse | undefined>((resolve) => {
    // A state that cannot be read is no reason to fail: the deployment itself will say so if it matters.
    void monitor.invoke(request, (error, response) => resolve(error === null ? response : undefined));
  });
  const found = answer?.getReturn();
  return found?.getFieldsMap().has("outputs") === true ? found : undefined;
}

/** The engine's gRPC client, of which the SDK has no type. */
interface Monitor {
  invoke(
    request: resources.ResourceInvokeRequest,
    callback: (error: Error | null, response: resources.ResourceInvokeResponse | undefined) => void,
  ): unknown;
}

/** The objects of routing components in the outputs by URN. Only what is needed of them is taken out of the answer, which may hold thousands of others. */
export function stateObjects(answer: structs.Struct): StateObject[] {
  return [...(fieldsOf(answer.getFieldsMap().get("outputs"))?.entries() ?? [])].flatMap(([urn, resource]) => {
    // The types of all that it is within, the nearest last but one.
    const parent = urn.split("::")[2]?.split("$").at(-2);
    const outputs = fieldsOf(fieldsOf(resource)?.get("outputs"));
    if (outputs === undefined || parent === undefined || !components.includes(parent)) return [];
    const found = { secret: false };
    const fields = ["apiVersion", "kind", "metadata", "spec"].map(
      (name) => [name, reveal(outputs.get(name)?.toJavaScript(), found)] as const,
    );
    return [{ manifest: Object.fromEntries(fields), secret: found.secret }];
  });
}

function fieldsOf(value: structs.Value | undefined): ReturnType<structs.Struct["getFieldsMap"]> | undefined {
  return value?.getStructValue()?.getFieldsMap();
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
