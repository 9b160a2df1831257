import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import settings from "@pulumi/pulumi/runtime/settings.js";
import { setImmediate as turn } from "node:timers/promises";

/** A resource as the engine is asked for it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly provider: string;
  readonly dependencies: readonly string[];
  readonly retainOnDelete: boolean;
  readonly protect: boolean;
  /** Inputs, with secrets in the clear. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Keys of inputs that are secret as a whole or in part. */
  readonly secrets: readonly string[];
}

/** What a provider answers, over and above the inputs. */
export type Outputs = (type: string, name: string) => Record<string, unknown>;

/** Takes the engine's part: every resource is made as it is asked for. */
export class Engine {
  readonly #resources: Registered[] = [];

  /** Starts anew, for a program that is run in this process. */
  static async start(
    outputs: Outputs = () => ({}),
    options: {
      readonly preview?: boolean;
      readonly config?: Record<string, unknown>;
      /** Keys of the config that are secret. */
      readonly secrets?: readonly string[];
    } = {},
  ): Promise<Engine> {
    const engine = new Engine();
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs }) => ({
          id: `${name}-id`,
          state: { ...(inputs as object), ...outputs(type, name) },
        }),
        call: () => ({}),
      },
      "tcp-ingress",
      "test",
      options.preview ?? false,
    );
    const secrets = (options.secrets ?? []).map((key) => `tcp-ingress:${key}`);
    pulumi.runtime.setAllConfig(configOf(options.config ?? {}), secrets);
    engine.#listen();
    return engine;
  }

  #listen(): void {
    const monitor = settings.getMonitor() as unknown as {
      registerResource(request: RegisterResourceRequest, callback: unknown): Promise<void>;
    };
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) => {
      const inputs = (request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>;
      this.#resources.push({
        type: request.getType(),
        name: request.getName(),
        parent: request.getParent().split("::").slice(2).join("::"),
        provider: request.getProvider().split("::").slice(2, 4).join("::"),
        dependencies: request.getDependenciesList().map((urn) => urn.split("::").slice(2).join("::")),
        retainOnDelete: request.getRetainondelete() ?? false,
        protect: request.getProtect() ?? false,
        inputs: revealed(inputs) as Record<string, unknown>,
        secrets: Object.keys(inputs).filter((key) => JSON.stringify(inputs[key]).includes(secretSignature)),
      });
      return register(request, callback);
    };
  }

  /** Everything asked for so far, in order, once nothing more comes. */
  async resources(): Promise<readonly Registered[]> {
    for (let quiet = 0, seen = -1; quiet < 20; quiet++) {
      if (seen !== this.#resources.length) quiet = 0;
      seen = this.#resources.length;
      await turn();
    }
    return this.#resources;
  }

  /** The one resource of that type and name. */
  async resource(type: string, name: string): Promise<Registered> {
    const all = await this.resources();
    const found = all.filter((resource) => resource.type === type && resource.name === name);
    const [only] = found;
    if (only === undefined || found.length > 1) {
      throw new Error(
        `${found.length} resources are ${type} ${name} among ${all.map((r) => `${r.type} ${r.name}`).join(", ")}`,
      );
    }
    return only;
  }

  /** `type name`, or `parent > type name` below a parent, of everything asked for. */
  async tree(): Promise<string[]> {
    return (await this.resources()).map(
      ({ type, name, parent }) => (parent === "" ? "" : `${parent.split("::")[1]} > `) + `${type} ${name}`,
    );
  }
}

/** The value of an output. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve));
}

const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const signatureKey = "4dabf18193072939515e22adb298388d";

function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  const entries = value as Record<string, unknown>;
  if (entries[signatureKey] === secretSignature) return revealed(entries["value"]);
  return Object.fromEntries(Object.entries(entries).map(([key, item]) => [key, revealed(item)]));
}

function configOf(config: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      `tcp-ingress:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
