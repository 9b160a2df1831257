import { Client, connectivityState, credentials } from "@grpc/grpc-js";
import engineProto from "@pulumi/pulumi/proto/engine_pb.js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import structProto, { type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";

/** No proxy stands between processes of one machine, whatever the environment says. */
const local = { "grpc.enable_http_proxy": 0 };

/**
 * Calls `gone` once when the engine at the address no longer answers, which without a word to its plugins means that it was killed.
 * @param address host:port of the engine's gRPC server
 */
export function watchEngine(address: string, gone: () => void): Disposable {
  const client = new Client(address, credentials.createInsecure(), local);
  const channel = client.getChannel();
  const watch = () => {
    const state = channel.getConnectivityState(true);
    if (state === connectivityState.TRANSIENT_FAILURE) gone();
    else if (state !== connectivityState.SHUTDOWN)
      channel.watchConnectivityState(state, Infinity, (error) => error ?? watch());
  };
  watch();
  return { [Symbol.dispose]: () => client.close() };
}

/** Tells the engine that a debugger can attach to a process now; the engine passes it on to the user's editor. */
export async function announceDebugger(
  address: string,
  config: Record<string, JavaScriptValue>,
  message: string,
): Promise<void> {
  const client = new EngineClient(address, credentials.createInsecure(), local);
  const request = new engineProto.StartDebuggingRequest();
  request.setConfig(structProto.Struct.fromJavaScript(config));
  request.setMessage(message);
  try {
    await new Promise<void>((resolve, reject) => {
      client.startDebugging(request, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    client.close();
  }
}
