import grpc from "@grpc/grpc-js";
import clients from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";

export type Severity = "debug" | "info" | "warning" | "error";

const severities = {
  debug: messages.LogSeverity.DEBUG,
  info: messages.LogSeverity.INFO,
  warning: messages.LogSeverity.WARNING,
  error: messages.LogSeverity.ERROR,
} as const;

/** Longer than any pause of the engine's process, short enough that an orphan does not linger. */
const reconnectMillis = 10_000;

/** The engine that started this plugin: where messages for the user go. */
export class Engine {
  readonly #client: InstanceType<typeof clients.EngineClient>;

  /** `address` is the `HOST:PORT` of the engine's own gRPC server. */
  constructor(address: string) {
    this.#client = new clients.EngineClient(address, grpc.credentials.createInsecure());
  }

  /** Shows a message under the resource; an ephemeral one only in its status line, while the operation runs. */
  log(severity: Severity, message: string, options: { urn?: string; ephemeral?: boolean } = {}): Promise<void> {
    const request = new messages.LogRequest();
    request.setSeverity(severities[severity]);
    // Protocol buffers take no lone surrogates, which a program's output may hold.
    request.setMessage(message.toWellFormed());
    request.setUrn(options.urn ?? "");
    request.setEphemeral(options.ephemeral ?? false);
    return new Promise((resolve, reject) => {
      this.#client.log(request, (error: Error | null) => (error === null ? resolve() : reject(error)));
    });
  }

  /** Resolves when the engine is gone, so that no plugin outlives an engine that was killed. Never resolves after `close`. */
  async gone(): Promise<void> {
    const channel = this.#client.getChannel();
    const changed = (state: grpc.connectivityState, deadline: number) =>
      new Promise<boolean>((resolve) =>
        channel.watchConnectivityState(state, deadline, (error) => resolve(error === undefined || error === null)),
      );
    for (;;) {
      const state = channel.getConnectivityState(true);
      if (state === grpc.connectivityState.SHUTDOWN) return new Promise(() => undefined);
      if (state === grpc.connectivityState.TRANSIENT_FAILURE) return;
      await changed(state, state === grpc.connectivityState.CONNECTING ? Date.now() + reconnectMillis : Infinity);
    }
  }

  close(): void {
    this.#client.close();
  }
}
