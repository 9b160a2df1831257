import grpc from "@grpc/grpc-js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type * as Messages from "@pulumi/pulumi/proto/provider_pb.js";
import { statusOf } from "./errors.ts";
import type {
  Autonaming,
  CheckFailure,
  CheckRequest,
  CheckResponse,
  DiffRequest,
  DiffResponse,
  PropertyDiffKind,
  ResourceProvider,
} from "./resource-provider.ts";
import { decodeStruct, encodeStruct } from "./struct.ts";

type Handler<Request, Response> = (request: Request) => Promise<Response>;

const empty = () => new empties.Empty();

/** Adds a provider to a gRPC server as `pulumirpc.ResourceProvider`. `cancel` and `attach` are what the engine's calls of these names do. */
export function addProvider(
  server: grpc.Server,
  provider: ResourceProvider,
  lifecycle: { cancel: () => void; attach: (engineAddress: string) => void },
): void {
  server.addService(services.ResourceProviderService, {
    ...unary("getPluginInfo", () => Promise.resolve(new plugins.PluginInfo().setVersion(provider.version))),
    ...unary("cancel", () => {
      lifecycle.cancel();
      return Promise.resolve(empty());
    }),
    ...unary("attach", (request: { getAddress(): string }) => {
      lifecycle.attach(request.getAddress());
      return Promise.resolve(empty());
    }),
    ...optional(
      "getSchema",
      provider.getSchema &&
        (async () => new messages.GetSchemaResponse().setSchema((await provider.getSchema?.()) ?? "")),
    ),
    ...optional("checkConfig", bind(provider, provider.checkConfig, checkRequest, checkResponse)),
    ...optional("diffConfig", bind(provider, provider.diffConfig, diffRequest, diffResponse)),
    ...unary("check", bind(provider, provider.check, checkRequest, checkResponse)),
    ...unary("diff", bind(provider, provider.diff, diffRequest, diffResponse)),
    ...unary("configure", async (request: Messages.ConfigureRequest) => {
      const response = await provider.configure({
        args: decodeStruct(request.getArgs()),
        acceptSecrets: request.getAcceptsecrets(),
        urn: request.getUrn() ?? "",
      });
      return new messages.ConfigureResponse()
        .setAcceptsecrets(response.acceptSecrets ?? false)
        .setAcceptresources(response.acceptResources ?? false)
        .setAcceptoutputs(response.acceptOutputs ?? false)
        .setSupportspreview(response.supportsPreview ?? false)
        .setSupportsAutonamingConfiguration(response.supportsAutonamingConfiguration ?? false);
    }),
    ...optional(
      "invoke",
      bind(
        provider,
        provider.invoke,
        (request: Messages.InvokeRequest) => ({ token: request.getTok(), args: decodeStruct(request.getArgs()) }),
        (response) =>
          new messages.InvokeResponse()
            .setReturn(encodeStruct(response.result))
            .setFailuresList(failures(response.failures)),
      ),
    ),
    ...unary("create", async (request: Messages.CreateRequest) => {
      const response = await provider.create({
        ...resource(request),
        properties: decodeStruct(request.getProperties()),
        timeout: request.getTimeout(),
        preview: request.getPreview(),
      });
      return new messages.CreateResponse().setId(response.id).setProperties(encodeStruct(response.properties));
    }),
    ...unary("read", async (request: Messages.ReadRequest) => {
      const response = await provider.read({
        ...resource(request),
        id: request.getId(),
        properties: decodeStruct(request.getProperties()),
        inputs: decodeStruct(request.getInputs()),
      });
      if (response.id === "") return new messages.ReadResponse();
      return new messages.ReadResponse()
        .setId(response.id)
        .setProperties(encodeStruct(response.properties))
        .setInputs(encodeStruct(response.inputs));
    }),
    ...unary("update", async (request: Messages.UpdateRequest) => {
      const response = await provider.update({
        ...resource(request),
        id: request.getId(),
        olds: decodeStruct(request.getOlds()),
        news: decodeStruct(request.getNews()),
        oldInputs: decodeStruct(request.getOldInputs()),
        ignoreChanges: request.getIgnorechangesList(),
        timeout: request.getTimeout(),
        preview: request.getPreview(),
      });
      return new messages.UpdateResponse().setProperties(encodeStruct(response.properties));
    }),
    ...unary("delete", async (request: Messages.DeleteRequest) => {
      await provider.delete({
        ...resource(request),
        id: request.getId(),
        properties: decodeStruct(request.getProperties()),
        oldInputs: decodeStruct(request.getOldInputs()),
        timeout: request.getTimeout(),
      });
      return empty();
    }),
    ...optional(
      "construct",
      bind(
        provider,
        provider.construct,
        (request: Messages.ConstructRequest) => ({ type: request.getType(), name: request.getName() }),
        (never) => never,
      ),
    ),
  });
}

function unary<Request, Response>(
  method: string,
  handle: Handler<Request, Response>,
): grpc.UntypedServiceImplementation {
  const call: grpc.handleUnaryCall<Request, Response> = ({ request }, callback) => {
    handle(request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(statusOf(error)),
    );
  };
  return { [method]: call };
}

/** The server answers UNIMPLEMENTED for a method that is not there. */
function optional<Request, Response>(
  method: string,
  handle: Handler<Request, Response> | undefined,
): grpc.UntypedServiceImplementation {
  return handle === undefined ? {} : unary(method, handle);
}

function bind<Wire, Request, Response, WireResponse>(
  provider: ResourceProvider,
  method: Handler<Request, Response>,
  decode: (wire: Wire) => Request,
  encode: (response: Response) => WireResponse,
): Handler<Wire, WireResponse>;
function bind<Wire, Request, Response, WireResponse>(
  provider: ResourceProvider,
  method: Handler<Request, Response> | undefined,
  decode: (wire: Wire) => Request,
  encode: (response: Response) => WireResponse,
): Handler<Wire, WireResponse> | undefined;
function bind<Wire, Request, Response, WireResponse>(
  provider: ResourceProvider,
  method: Handler<Request, Response> | undefined,
  decode: (wire: Wire) => Request,
  encode: (response: Response) => WireResponse,
): Handler<Wire, WireResponse> | undefined {
  return method && (async (wire) => encode(await method.call(provider, decode(wire))));
}

function resource(request: { getUrn(): string; getName(): string; getType(): string }) {
  return { urn: request.getUrn(), name: request.getName(), type: request.getType() };
}

function checkRequest(request: Messages.CheckRequest): CheckRequest {
  return {
    ...resource(request),
    olds: decodeStruct(request.getOlds()),
    news: decodeStruct(request.getNews()),
    randomSeed: request.getRandomseed_asU8(),
    autonaming: autonaming(request.getAutonaming()),
  };
}

function autonaming(options: Messages.CheckRequest.AutonamingOptions | undefined): Autonaming | undefined {
  if (options === undefined) return undefined;
  const modes = ["propose", "enforce", "disable"] as const;
  return { proposedName: options.getProposedName(), mode: modes[options.getMode()] ?? "propose" };
}

function checkResponse(response: CheckResponse): Messages.CheckResponse {
  return new messages.CheckResponse()
    .setInputs(encodeStruct(response.inputs))
    .setFailuresList(failures(response.failures));
}

function failures(list: readonly CheckFailure[] = []): Messages.CheckFailure[] {
  return list.map(({ property, reason }) => new messages.CheckFailure().setProperty(property).setReason(reason));
}

function diffRequest(request: Messages.DiffRequest): DiffRequest {
  return {
    ...resource(request),
    id: request.getId(),
    olds: decodeStruct(request.getOlds()),
    news: decodeStruct(request.getNews()),
    oldInputs: decodeStruct(request.getOldInputs()),
    ignoreChanges: request.getIgnorechangesList(),
  };
}

function diffResponse(response: DiffResponse): Messages.DiffResponse {
  const { DiffChanges } = messages.DiffResponse;
  const changes =
    response.changes === undefined
      ? DiffChanges.DIFF_UNKNOWN
      : response.changes === "some"
        ? DiffChanges.DIFF_SOME
        : DiffChanges.DIFF_NONE;
  const message = new messages.DiffResponse()
    .setChanges(changes)
    .setReplacesList([...(response.replaces ?? [])])
    .setStablesList([...(response.stables ?? [])])
    .setDiffsList([...(response.diffs ?? [])])
    .setDeletebeforereplace(response.deleteBeforeReplace ?? false)
    .setHasdetaileddiff(response.hasDetailedDiff ?? false);
  const details = message.getDetaileddiffMap();
  for (const [path, { kind, inputDiff }] of response.detailedDiff ?? [])
    details.set(path, new messages.PropertyDiff().setKind(kindOf(kind)).setInputdiff(inputDiff ?? false));
  return message;
}

function kindOf(kind: PropertyDiffKind): Messages.PropertyDiff.Kind {
  const { Kind } = messages.PropertyDiff;
  return {
    add: Kind.ADD,
    "add-replace": Kind.ADD_REPLACE,
    delete: Kind.DELETE,
    "delete-replace": Kind.DELETE_REPLACE,
    update: Kind.UPDATE,
    "update-replace": Kind.UPDATE_REPLACE,
  }[kind];
}
