import grpc from "@grpc/grpc-js";
import { Engine } from "./engine.ts";
import type { ResourceProvider } from "./resource-provider.ts";
import { addProvider } from "./service.ts";

/** What a provider may use of the plugin that it runs in. */
export interface PluginContext {
  /** The engine to log to; undefined while a debugger's plugin waits for an engine to attach. */
  readonly engine: () => Engine | undefined;
  /** Aborted when the user cancels: every wait ends as soon as it can. */
  readonly cancelled: AbortSignal;
}

/**
 * Runs a resource plugin as the engine expects it (sdk/go/common/resource/plugin): the engine's address is the last argument, the plugin's own port is
 * the first line on stdout, and the plugin ends when it is killed or when the engine is gone.
 */
export async function serve(
  create: (context: PluginContext) => ResourceProvider,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  const cancellation = new AbortController();
  let engine: Engine | undefined;
  const attach = (address: string) => {
    engine?.close();
    engine = new Engine(address);
    void engine.gone().then(() => process.exit(0));
  };
  const last = args.at(-1);
  if (last !== undefined && !last.startsWith("-")) attach(last);
  // State of a whole cluster's objects may be large; the engine's own limit is 400 MiB (sdk/go/common/util/rpcutil).
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  addProvider(server, create({ engine: () => engine, cancelled: cancellation.signal }), {
    cancel: () => cancellation.abort(),
    attach,
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  process.stdout.write(`${port}\n`);
}
