import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import { type handleUnaryCall, type MethodDefinition, Server, ServerCredentials, status } from "@grpc/grpc-js";
import protobuf from "google-protobuf";
import type { RegistryCredentials } from "./credentials.ts";
import type { DockerEngine } from "./docker-engine.ts";

type Method = MethodDefinition<Buffer, Buffer>;

/**
 * A BuildKit session: a connection to the engine on which the engine asks *us*, by gRPC, for a registry's credentials while it builds
 * (moby/buildkit, session/auth/auth.proto). So they never leave memory, and are given for the one registry that they are meant for.
 */
export class BuildSession implements Disposable {
  readonly id = randomUUID();
  readonly #server = new Server();
  #socket: Duplex | undefined;

  /** Opens a session; `credentials` answers for a registry's host name. */
  static async open(
    engine: DockerEngine,
    credentials: (host: string) => Promise<RegistryCredentials | undefined>,
    cancelled: AbortSignal,
  ): Promise<BuildSession> {
    const session = new BuildSession();
    session.#serve(credentials);
    session.#socket = await engine.upgrade(
      {
        method: "POST",
        path: "/session",
        headers: {
          connection: "Upgrade",
          upgrade: "h2c",
          "x-docker-expose-session-uuid": session.id,
          "x-docker-expose-session-name": "tcp-ingress",
          "x-docker-expose-session-grpc-method": [health.path, credentialsMethod.path],
        },
      },
      cancelled,
    );
    session.#server.createConnectionInjector(ServerCredentials.createInsecure()).injectConnection(session.#socket);
    return session;
  }

  [Symbol.dispose](): void {
    this.#server.forceShutdown();
    this.#socket?.destroy();
  }

  #serve(credentials: (host: string) => Promise<RegistryCredentials | undefined>): void {
    const answer: handleUnaryCall<Buffer, Buffer> = (call, callback) => {
      credentials(readText(call.request, 1)).then(
        (found) =>
          callback(null, writeTexts({ 1: found?.username ?? "", 2: found?.identityToken ?? found?.password ?? "" })),
        (error: unknown) => callback({ code: status.UNKNOWN, details: (error as Error).message }),
      );
    };
    const serving: handleUnaryCall<Buffer, Buffer> = (_call, callback) => callback(null, Buffer.from([0x08, 0x01]));
    this.#server.addService({ check: health }, { check: serving });
    this.#server.addService({ credentials: credentialsMethod }, { credentials: answer });
  }
}

/** Answered `SERVING`; the engine drops a session that does not say so every few seconds. */
const health = method("/grpc.health.v1.Health/Check");

/** `CredentialsRequest { Host = 1 }` → `CredentialsResponse { Username = 1, Secret = 2 }`. */
const credentialsMethod = method("/moby.filesync.v1.Auth/Credentials");

function method(path: string): Method {
  const bytes = (value: Buffer) => value;
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  };
}

function readText(message: Buffer, field: number): string {
  const reader = new protobuf.BinaryReader(new Uint8Array(message));
  let value = "";
  while (reader.nextField()) {
    if (reader.getFieldNumber() === field) value = reader.readString();
    else reader.skipField();
  }
  return value;
}

function writeTexts(fields: Readonly<Record<number, string>>): Buffer {
  const writer = new protobuf.BinaryWriter();
  for (const [field, value] of Object.entries(fields)) writer.writeString(Number(field), value);
  return Buffer.from(writer.getResultBuffer());
}
