import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineProto from "@pulumi/pulumi/proto/engine_pb.js";
import structProto, { type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";

/** Node's own default, which editors assume where nothing else is said. */
const preferredPort = 9229;

/** A debugger's port, and the arguments that make Node wait on it before the first line of the program. */
export interface Debugger {
  readonly port: number;
  readonly nodeArguments: readonly string[];
}

/** Picks a free port for a debugger: 9229, or any other where that one is taken. */
export async function prepareDebugger(): Promise<Debugger> {
  const port = (await freePort(preferredPort)) ?? (await freePort(0));
  if (port === undefined) throw new Error("Cannot start under a debugger as no port on 127.0.0.1 is free");
  return { port, nodeArguments: [`--inspect-brk=${port}`, "--inspect-publish-uid=http"] };
}

/**
 * Has the engine say how to attach to a process, which waits for it; without the engine's help nobody would, so that the process is ended then.
 * `name` is what an editor shows.
 */
export async function offerDebugger(
  engineAddress: string,
  name: string,
  process: ChildProcess,
  port: number,
): Promise<void> {
  try {
    await offer(engineAddress, name, process, port);
  } catch (error) {
    process.kill("SIGKILL");
    throw error;
  }
}

async function offer(engineAddress: string, name: string, process: ChildProcess, port: number): Promise<void> {
  const processId = process.pid;
  if (processId === undefined) return;
  const usual = port === preferredPort;
  await announceDebugger(
    engineAddress,
    {
      name,
      type: "node",
      request: "attach",
      processId,
      continueOnAttach: true,
      skipFiles: ["<node_internals>/**"],
      ...(!usual && { port }),
    },
    `on process id ${processId}${usual ? "" : ` and port ${port}`}`,
  );
}

async function freePort(wanted: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(wanted, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    return typeof address === "object" ? address?.port : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return undefined;
    throw error;
  } finally {
    server.close();
  }
}

/** Tells the engine that a debugger can attach to a process now; the engine passes it on to the user's editor. */
async function announceDebugger(
  address: string,
  config: Record<string, JavaScriptValue>,
  message: string,
): Promise<void> {
  const client = new EngineClient(address, credentials.createInsecure());
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
