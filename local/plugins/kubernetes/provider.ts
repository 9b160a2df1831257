import {
  type CheckRequest,
  type CheckResponse,
  type ConfigureRequest,
  type ConfigureResponse,
  type ConstructRequest,
  type CreateRequest,
  type CreateResponse,
  type DeleteRequest,
  type DiffRequest,
  type DiffResponse,
  type InvokeRequest,
  type InvokeResponse,
  type PluginContext,
  type ReadRequest,
  type ReadResponse,
  type ResourceProvider,
  type ResourceRequest,
  type UpdateRequest,
  type UpdateResponse,
} from "../provider/index.ts";
import { checkConfig } from "./config/check-config.ts";
import { diffConfig } from "./config/diff-config.ts";
import { connect, type Connection } from "./connection.ts";
import { check } from "./inputs/check.ts";
import { invoke } from "./invoke/invoke.ts";
import { operationLog } from "./log.ts";
import type { OperationContext } from "./operations/context.ts";
import { create } from "./operations/create.ts";
import { diffResource } from "./operations/diff.ts";
import { remove } from "./operations/delete.ts";
import { read } from "./operations/read.ts";
import { update } from "./operations/update.ts";
import { packageSchema } from "./schema.ts";
import { readSettings, type Settings } from "./settings.ts";
import { refuseComponent } from "./unsupported.ts";

/** A stand-in for the official Pulumi plugin `kubernetes`: the same resources, inputs, outputs and state, for machines that cannot download it. */
export class KubernetesProvider implements ResourceProvider {
  /** The official plugin's that this one follows, and the SDK's that programs use. */
  readonly version = "4.34.2";
  readonly #plugin: PluginContext;
  #configured: { readonly settings: Settings; readonly connection: Connection } | undefined;

  constructor(plugin: PluginContext) {
    this.#plugin = plugin;
  }

  getSchema(): Promise<string> {
    return Promise.resolve(JSON.stringify(packageSchema(this.version)));
  }

  checkConfig(request: CheckRequest): Promise<CheckResponse> {
    return Promise.resolve(checkConfig(request));
  }

  diffConfig(request: DiffRequest): Promise<DiffResponse> {
    return Promise.resolve(diffConfig(request));
  }

  async configure({ args }: ConfigureRequest): Promise<ConfigureResponse> {
    const settings = readSettings(args);
    this.#configured = { settings, connection: await connect(settings) };
    return { acceptSecrets: true, supportsPreview: true, supportsAutonamingConfiguration: true };
  }

  async invoke(request: InvokeRequest): Promise<InvokeResponse> {
    return invoke(request, this.#require().connection);
  }

  async construct({ type }: ConstructRequest): Promise<never> {
    return refuseComponent(type);
  }

  check(request: CheckRequest): Promise<CheckResponse> {
    return this.#run(request, check);
  }

  diff(request: DiffRequest): Promise<DiffResponse> {
    return this.#run(request, diffResource);
  }

  create(request: CreateRequest): Promise<CreateResponse> {
    return this.#run(request, create);
  }

  read(request: ReadRequest): Promise<ReadResponse> {
    return this.#run(request, read);
  }

  update(request: UpdateRequest): Promise<UpdateResponse> {
    return this.#run(request, update);
  }

  delete(request: DeleteRequest): Promise<void> {
    return this.#run(request, remove);
  }

  async #run<Request extends ResourceRequest, Response>(
    request: Request,
    operation: (request: Request, context: OperationContext) => Promise<Response>,
  ): Promise<Response> {
    const configured = this.#require();
    const log = operationLog(this.#plugin.engine(), request.urn);
    try {
      return await operation(request, { ...configured, log, cancelled: this.#plugin.cancelled });
    } finally {
      await log.flushed();
    }
  }

  #require(): { readonly settings: Settings; readonly connection: Connection } {
    if (this.#configured === undefined)
      throw new Error("The kubernetes plugin was asked for something before it was configured");
    return this.#configured;
  }
}
