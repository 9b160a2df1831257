import { Readable } from "node:stream";
import {
  type CallOptions,
  Client,
  credentials,
  type handleUnaryCall,
  type MethodDefinition,
  Server,
  ServerCredentials,
  status,
} from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzerProto, { type AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb.js";
import { unary } from "./rpc.ts";

const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** One method with its messages left as bytes, since the proxy passes them on unread. */
type Method = MethodDefinition<Buffer, Buffer>;

/**
 * Serves `pulumirpc.Analyzer` in place of a policy pack that starts only once its stack's configuration is known. It answers `Handshake`
 * and `ConfigureStack` itself; every other call waits for the pack and goes on to it. Where the engine calls anything else first
 * (`pulumi policy publish`), the pack starts without a configuration.
 */
export class PolicyProxy implements AsyncDisposable {
  /** Where it listens, on 127.0.0.1. */
  port = 0;

  readonly #server = new Server(unlimited);
  readonly #configured = Promise.withResolvers<AnalyzerStackConfigureRequest | undefined>();
  readonly #pack = Promise.withResolvers<Client>();

  /** Starts a proxy on a free port. */
  static async listen(): Promise<PolicyProxy> {
    const proxy = new PolicyProxy();
    proxy.#serve();
    proxy.port = await new Promise<number>((resolve, reject) => {
      proxy.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
        if (error) reject(error);
        else resolve(port);
      });
    });
    return proxy;
  }

  private constructor() {
    // Nobody may be waiting for the pack when it turns out not to start.
    this.#pack.promise.catch(() => undefined);
  }

  /** The stack's configuration once the engine has sent it; undefined where the engine does without. */
  async configuration(cancelled: AbortSignal): Promise<AnalyzerStackConfigureRequest | undefined> {
    const { promise, reject } = Promise.withResolvers<never>();
    const abort = () => reject(cancelled.reason);
    cancelled.addEventListener("abort", abort, { once: true });
    try {
      return await Promise.race([this.#configured.promise, promise]);
    } finally {
      cancelled.removeEventListener("abort", abort);
    }
  }

  /**
   * Reads the pack's port, its first line of output, connects to it and hands on the configuration.
   * @returns the rest of the output
   */
  attach(output: Readable): Readable {
    return Readable.from(this.#attach(output));
  }

  /** Closes the port and the connection; calls that still wait for the pack fail. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#pack.reject(new Error("Policy pack not started: it ended before it told its port"));
    await new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
    await this.#pack.promise.then((client) => client.close()).catch(() => undefined);
  }

  async *#attach(output: Readable): AsyncGenerator<Buffer> {
    let head = Buffer.alloc(0);
    let attached = false;
    for await (const chunk of output as AsyncIterable<Buffer>) {
      if (attached) {
        yield chunk;
        continue;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\n");
      if (end < 0) continue;
      attached = true;
      await this.#connect(head.toString("utf8", 0, end).trim());
      if (end + 1 < head.length) yield head.subarray(end + 1);
    }
  }

  async #connect(port: string): Promise<void> {
    if (!/^\d+$/.test(port)) {
      this.#pack.reject(
        new Error(`Policy pack not started: its first line of output was "${port}" instead of its port`),
      );
      return;
    }
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), unlimited);
    const configuration = await this.#configured.promise;
    try {
      if (configuration)
        await call(client, AnalyzerService.configureStack as unknown as Method, serialized(configuration));
      this.#pack.resolve(client);
    } catch (error) {
      if ((error as { code?: status }).code === status.UNIMPLEMENTED) this.#pack.resolve(client);
      else
        this.#pack.reject(new Error(`Policy pack configuration failed: ${(error as Error).message}`, { cause: error }));
    }
  }

  #serve(): void {
    const definition: Record<string, Method> = {};
    const handlers: Record<string, handleUnaryCall<Buffer, Buffer>> = {};
    for (const [name, method] of Object.entries(AnalyzerService)) {
      definition[name] = {
        ...method,
        requestSerialize: bytes,
        requestDeserialize: bytes,
        responseSerialize: bytes,
        responseDeserialize: bytes,
      };
      handlers[name] = unary(async (request, cancelled) => {
        this.#configured.resolve(undefined);
        return call(await this.#pack.promise, definition[name] as Method, request, cancelled);
      });
    }
    handlers["handshake"] = unary(() => serialized(new analyzerProto.AnalyzerHandshakeResponse()));
    handlers["configureStack"] = unary((request) => {
      this.#configured.resolve(analyzerProto.AnalyzerStackConfigureRequest.deserializeBinary(request));
      return serialized(new analyzerProto.AnalyzerStackConfigureResponse());
    });
    this.#server.addService(definition, handlers);
  }
}

function bytes(value: Buffer): Buffer {
  return value;
}

function serialized(message: { serializeBinary(): Uint8Array }): Buffer {
  return Buffer.from(message.serializeBinary());
}

async function call(client: Client, { path }: Method, request: Buffer, cancelled?: AbortSignal): Promise<Buffer> {
  const options: CallOptions = {};
  return await new Promise<Buffer>((resolve, reject) => {
    const pending = client.makeUnaryRequest(path, bytes, bytes, request, options, (error, response) => {
      if (error) reject(error);
      else resolve(response ?? Buffer.alloc(0));
    });
    cancelled?.addEventListener("abort", () => pending.cancel(), { once: true });
  });
}
