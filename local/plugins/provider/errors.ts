import grpc from "@grpc/grpc-js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import type { PropertyMap } from "./property-value.ts";
import { encodeStruct } from "./struct.ts";

/**
 * The resource exists, but did not become what it should: the engine keeps its state, marks it with the reasons and tries again on the next run.
 */
export class InitializationError extends Error {
  override readonly name = "InitializationError";
  readonly id: string;
  /** The state as it was last seen. */
  readonly properties: PropertyMap;
  /** The inputs as a refresh has found them; left out where the engine's own stand. */
  readonly inputs: PropertyMap | undefined;
  /** What is wrong, one line each. */
  readonly reasons: readonly string[];

  constructor(
    message: string,
    details: { id: string; properties: PropertyMap; inputs?: PropertyMap; reasons: readonly string[] },
  ) {
    super(message);
    this.id = details.id;
    this.properties = details.properties;
    this.inputs = details.inputs;
    this.reasons = details.reasons;
  }
}

/** The request asks for something that this provider does not do. */
export class UnimplementedError extends Error {
  override readonly name = "UnimplementedError";
}

/** The gRPC status for whatever a provider threw. The engine reads an InitializationError's details from the status' details. */
export function statusOf(error: unknown): grpc.ServerErrorResponse {
  const message = error instanceof Error ? error.message : String(error);
  const status = {
    name: "Error",
    message,
    details: message,
    code: error instanceof UnimplementedError ? grpc.status.UNIMPLEMENTED : grpc.status.UNKNOWN,
  };
  return error instanceof InitializationError ? { ...status, metadata: initializationDetails(error) } : status;
}

function initializationDetails(error: InitializationError): grpc.Metadata {
  const failure = new messages.ErrorResourceInitFailed();
  failure.setId(error.id);
  failure.setProperties(encodeStruct(error.properties));
  if (error.inputs !== undefined) failure.setInputs(encodeStruct(error.inputs));
  failure.setReasonsList([...error.reasons]);
  const detail = new any.Any();
  detail.pack(failure.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statuses.Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(error.message);
  status.addDetails(detail);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return metadata;
}
