import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import grpc from "@grpc/grpc-js";
import clients from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import {
  decodeStruct,
  encodeStruct,
  InitializationError,
  type ResourceProvider,
  Secret,
} from "../../../../local/plugins/provider/index.ts";
import { addProvider } from "../../../../local/plugins/provider/service.ts";

const provider: ResourceProvider = {
  version: "1.2.3",
  configure: () => Promise.resolve({ acceptSecrets: true, supportsPreview: true }),
  check: ({ news }) => Promise.resolve({ inputs: news, failures: [{ property: "a.b", reason: "wrong" }] }),
  diff: () =>
    Promise.resolve({
      changes: "some",
      replaces: ["spec"],
      deleteBeforeReplace: true,
      hasDetailedDiff: true,
      detailedDiff: new Map([["spec.a", { kind: "update-replace", inputDiff: true }]]),
    }),
  create: ({ properties }) =>
    Promise.reject(
      new InitializationError("not ready", { id: "ns/name", properties, inputs: {}, reasons: ["no pods"] }),
    ),
  read: ({ id, properties, inputs }) => Promise.resolve({ id, properties, inputs }),
  update: () => Promise.reject(new Error("conflict")),
  delete: () => Promise.resolve(),
};

let server: grpc.Server;
let client: InstanceType<typeof clients.ResourceProviderClient>;

before(async () => {
  server = new grpc.Server();
  addProvider(server, provider, { cancel: () => undefined, attach: () => undefined });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  client = new clients.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
});

after(() => {
  client.close();
  server.forceShutdown();
});

function call<Request, Response>(
  method: (request: Request, callback: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
  request: Request,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    method.call(client, request, (error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

test("Check passes properties with their secrets and reports failures", async () => {
  const news = { password: new Secret("x") };
  const response = await call<InstanceType<typeof messages.CheckRequest>, InstanceType<typeof messages.CheckResponse>>(
    client.check,
    new messages.CheckRequest().setNews(encodeStruct(news)),
  );
  assert.deepEqual(decodeStruct(response.getInputs()), news);
  assert.deepEqual(
    response.getFailuresList().map((failure) => failure.toObject()),
    [{ property: "a.b", reason: "wrong" }],
  );
});

test("Diff tells property paths and how they change", async () => {
  const response = await call<InstanceType<typeof messages.DiffRequest>, InstanceType<typeof messages.DiffResponse>>(
    client.diff,
    new messages.DiffRequest(),
  );
  assert.deepEqual(response.toObject(), {
    replacesList: ["spec"],
    stablesList: [],
    deletebeforereplace: true,
    changes: messages.DiffResponse.DiffChanges.DIFF_SOME,
    diffsList: [],
    detaileddiffMap: [["spec.a", { kind: messages.PropertyDiff.Kind.UPDATE_REPLACE, inputdiff: true }]],
    hasdetaileddiff: true,
  });
});

test("A resource that failed to initialize carries its state in the status' details", async () => {
  const request = new messages.CreateRequest().setProperties(encodeStruct({ kind: "Pod" }));
  await assert.rejects(call(client.create, request), (error: grpc.ServiceError) => {
    const [bytes] = error.metadata.get("grpc-status-details-bin");
    assert.ok(bytes instanceof Buffer);
    const [detail] = statuses.Status.deserializeBinary(bytes).getDetailsList();
    const failure = detail?.unpack(
      (wire) => messages.ErrorResourceInitFailed.deserializeBinary(wire),
      "pulumirpc.ErrorResourceInitFailed",
    );
    assert.equal(error.code, grpc.status.UNKNOWN);
    assert.equal(failure?.getId(), "ns/name");
    assert.deepEqual(failure?.getReasonsList(), ["no pods"]);
    assert.deepEqual(decodeStruct(failure?.getProperties()), { kind: "Pod" });
    return true;
  });
});

test("Any other error is its message", async () => {
  await assert.rejects(call(client.update, new messages.UpdateRequest()), {
    code: grpc.status.UNKNOWN,
    details: "conflict",
  });
});

test("A method that the provider leaves out is unimplemented", async () => {
  await assert.rejects(call(client.getSchema, new messages.GetSchemaRequest()), { code: grpc.status.UNIMPLEMENTED });
});
