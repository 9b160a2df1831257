import {
  type handleServerStreamingCall,
  Server,
  ServerCredentials,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languageProto, {
  type AboutRequest,
  type GetProgramDependenciesRequest,
  type GetRequiredPackagesRequest,
  type InstallDependenciesRequest,
  type InstallDependenciesResponse,
  type LanguageHandshakeRequest,
  type RunPluginRequest,
  type RunPluginResponse,
  type RunRequest,
  type TemplateRequest,
} from "@pulumi/pulumi/proto/language_pb.js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import sdk from "@pulumi/pulumi/package.json" with { type: "json" };
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import { Engine } from "../provider/index.ts";
import { about, runtimeOptionsPrompts } from "./about.ts";
import { programDependencies } from "./dependencies.ts";
import { installDependencies } from "./install.ts";
import { choosePackageManager } from "./package-manager.ts";
import { runPlugin } from "./plugin.ts";
import { readProgram } from "./program.ts";
import { requiredPackages } from "./required-packages.ts";
import { streaming, unary } from "./rpc.ts";
import { run } from "./run.ts";

/**
 * Serves `pulumirpc.LanguageRuntime` for Node programs, as the official `pulumi-language-nodejs` does; the behaviour of each method is
 * that of https://github.com/pulumi/pulumi/tree/master/sdk/nodejs/cmd/pulumi-language-nodejs. Generating SDKs and programs
 * (`GeneratePackage`, `GenerateProgram`, `GenerateProject`, `Pack`, `Link`) takes Pulumi's code generator, which is a part of the official
 * host alone: those answer `UNIMPLEMENTED`, and so does the outdated `GetRequiredPlugins`. Programs run on the Node that runs the host.
 */
export class LanguageHost implements AsyncDisposable {
  /** Where it listens, on 127.0.0.1. */
  port = 0;
  /** Fulfilled when the engine has gone away, so that nobody needs the host any more. */
  readonly abandoned: Promise<undefined>;

  readonly #server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  readonly #ending = new AbortController();
  /** `Cancel` ends programs alone: policy packs and providers are still asked while the engine winds up. */
  readonly #cancelled = new AbortController();
  readonly #abandon: () => void;
  readonly #running = new Set<Promise<unknown>>();
  #engineAddress = "";
  #engine: Engine | undefined;

  /**
   * Starts a host on a free port.
   * @param engineAddress host:port of the engine; empty where it will make itself known by `Handshake`
   */
  static async listen(engineAddress: string): Promise<LanguageHost> {
    const host = new LanguageHost();
    if (engineAddress !== "") host.#follow(engineAddress);
    host.#server.addService(LanguageRuntimeService, host.#methods());
    host.port = await new Promise<number>((resolve, reject) => {
      host.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
        if (error) reject(error);
        else resolve(port);
      });
    });
    return host;
  }

  private constructor() {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.abandoned = promise;
    this.#abandon = () => resolve(undefined);
  }

  /** Ends what runs – interrupted, then killed – and closes the port. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await Promise.allSettled(this.#running);
    this.#engine?.close();
    this.#server.forceShutdown();
  }

  #follow(engineAddress: string): void {
    this.#engineAddress = engineAddress;
    this.#engine?.close();
    this.#engine = new Engine(engineAddress);
    void this.#engine.gone().then(this.#abandon);
  }

  /** Runs something that is cancelled by any of the signals, and ends before the host does. */
  async #while<T>(cancelled: AbortSignal[], work: (cancelled: AbortSignal) => Promise<T>): Promise<T> {
    const running = work(AbortSignal.any([...cancelled, this.#ending.signal]));
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  #methods(): UntypedServiceImplementation {
    const plugin: handleServerStreamingCall<RunPluginRequest, RunPluginResponse> = streaming((call, cancelled) =>
      this.#while([cancelled], (signal) => runPlugin(call, this.#engineAddress, signal)),
    );
    const install: handleServerStreamingCall<InstallDependenciesRequest, InstallDependenciesResponse> = streaming(
      (call, cancelled) =>
        this.#while([cancelled, this.#cancelled.signal], (signal) => installDependencies(call, signal)),
    );
    return {
      handshake: unary((request: LanguageHandshakeRequest) => {
        this.#follow(request.getEngineAddress());
        return new languageProto.LanguageHandshakeResponse();
      }),
      getPluginInfo: unary(() => new pluginProto.PluginInfo().setVersion(sdk.version)),
      getRequiredPackages: unary((request: GetRequiredPackagesRequest) =>
        new languageProto.GetRequiredPackagesResponse().setPackagesList(
          requiredPackages(readProgram(request).directory),
        ),
      ),
      getProgramDependencies: unary((request: GetProgramDependenciesRequest) => {
        const { directory, options } = readProgram(request);
        const manager = choosePackageManager(options.packageManager, directory);
        const dependencies = programDependencies(manager, directory, request.getTransitivedependencies());
        return new languageProto.GetProgramDependenciesResponse().setDependenciesList(
          dependencies.map(({ name, version }) => new languageProto.DependencyInfo().setName(name).setVersion(version)),
        );
      }),
      about: unary((request: AboutRequest) => about(readProgram(request))),
      runtimeOptionsPrompts: unary(runtimeOptionsPrompts),
      template: unary((request: TemplateRequest) => {
        readProgram(request);
        return new languageProto.TemplateResponse();
      }),
      run: unary((request: RunRequest, cancelled) =>
        this.#while([cancelled, this.#cancelled.signal], (signal) => run(request, this.#engineAddress, signal)),
      ),
      cancel: unary(() => {
        this.#cancelled.abort();
        return new emptyProto.Empty();
      }),
      runPlugin: plugin,
      installDependencies: install,
    };
  }
}
