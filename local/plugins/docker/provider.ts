import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import manifest from "@pulumi/docker/package.json" with { type: "json" };
import {
  type CheckRequest,
  type CheckResponse,
  type ConfigureRequest,
  type ConfigureResponse,
  type CreateRequest,
  type CreateResponse,
  type DiffRequest,
  type DiffResponse,
  hasUnknowns,
  type InvokeRequest,
  isPropertyMap,
  type PluginContext,
  type PropertyMap,
  type PropertyValue,
  type ReadRequest,
  type ReadResponse,
  type ResourceProvider,
  Secret,
  Unknown,
  type UpdateRequest,
  type UpdateResponse,
  withoutSecrets,
} from "../provider/index.ts";
import { contextDigest } from "./context-digest.ts";
import { DockerEngine, engineAddress } from "./docker-engine.ts";
import { type BuildLog, buildImage } from "./image-build.ts";
import { builtFrom, diffImage } from "./image-diff.ts";
import { type BuildInputs, readImageInputs } from "./image-inputs.ts";
import { parseImageName } from "./image-name.ts";

const imageType = "docker:index/image:Image";

const goArchitectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", ppc64: "ppc64le" };

/**
 * The `docker` provider as far as building images goes, call for call as the official plugin 5.2 does it
 * (https://github.com/pulumi/pulumi-docker, provider/image.go; recorded under test/local/plugins/docker/recordings).
 */
export class DockerProvider implements ResourceProvider {
  readonly version = manifest.version;
  readonly #context: PluginContext;
  #config: Record<string, string> = {};

  constructor(context: PluginContext) {
    this.#context = context;
  }

  checkConfig({ news }: CheckRequest): Promise<CheckResponse> {
    return Promise.resolve({ inputs: news });
  }

  diffConfig(): Promise<DiffResponse> {
    return Promise.resolve({});
  }

  configure({ args }: ConfigureRequest): Promise<ConfigureResponse> {
    this.#config = Object.fromEntries(
      Object.entries(args).flatMap(([name, value]) => {
        const plain = withoutSecrets(value);
        return typeof plain === "string" ? [[name, plain]] : [];
      }),
    );
    return Promise.resolve({ supportsPreview: true, supportsAutonamingConfiguration: true });
  }

  invoke({ token }: InvokeRequest): Promise<never> {
    return Promise.reject(unsupported(token));
  }

  async check({ type, urn, news }: CheckRequest): Promise<CheckResponse> {
    if (type !== imageType) throw unsupported(type);
    const image = readImageInputs(clear(news));
    const fullNames = image.build.cacheFrom.length > 0 || !image.skipPush;
    for (const name of image.build.cacheFrom) parseImageName(name);
    if (fullNames && image.imageName !== "") parseImageName(image.imageName);

    const build = news["build"];
    if (build instanceof Unknown) return { inputs: news };
    const given = isPropertyMap(build) ? build : {};
    const unknownPaths = given["context"] instanceof Unknown || given["dockerfile"] instanceof Unknown;
    const digest: PropertyMap = unknownPaths ? {} : { contextDigest: digestOf(image.build) };
    const platform = present(given["platform"]) ? undefined : hostPlatform();
    if (platform !== undefined) {
      await this.#context
        .engine()
        ?.log(
          "info",
          `Building your image for ${platform} architecture.\n` +
            "To ensure you are building for the correct platform, consider explicitly setting the `platform` field on ImageBuildOptions.",
          { urn },
        );
    }
    return {
      inputs: { ...withoutNulls(news), build: { ...withoutNulls(given), ...digest, ...(platform && { platform }) } },
    };
  }

  diff({ olds, news }: DiffRequest): Promise<DiffResponse> {
    const detailedDiff = diffImage(builtFrom(olds), news);
    if (detailedDiff.size === 0) return Promise.resolve({ changes: "none" });
    return Promise.resolve({ changes: "some", detailedDiff, hasDetailedDiff: true });
  }

  async create({ type, urn, properties, preview }: CreateRequest): Promise<CreateResponse> {
    if (type !== imageType) throw unsupported(type);
    const state = await this.#build(urn, properties, preview);
    return { id: preview ? "" : readImageInputs(clear(properties)).imageName, properties: state };
  }

  async update({ urn, news, preview }: UpdateRequest): Promise<UpdateResponse> {
    return { properties: await this.#build(urn, news, preview) };
  }

  /** What was built is not looked at again: an image's tag may be anybody's by now. */
  read({ id, inputs, properties }: ReadRequest): Promise<ReadResponse> {
    return Promise.resolve({ id, inputs, properties });
  }

  /** An image stays where it is, as others may run it. */
  delete(): Promise<void> {
    return Promise.resolve();
  }

  async #build(urn: string, properties: PropertyMap, preview: boolean): Promise<PropertyMap> {
    const image = readImageInputs(clear(properties));
    if (preview && (!image.buildOnPreview || hasUnknowns(properties))) return properties;
    const engine = new DockerEngine(engineAddress(this.#config, process.env));
    const push = !image.skipPush && !preview;
    const log = this.#log(urn);
    const { dockerfile, repoDigest } = await buildImage(engine, image, push, log, this.#context.cancelled).finally(() =>
      log.written(),
    );
    return {
      __inputs: new Secret(properties),
      baseImageName: image.imageName,
      context: image.build.context,
      dockerfile,
      imageName: image.imageName,
      ...(image.build.platform && { platform: image.build.platform }),
      registryServer: image.registry.server,
      // Only a push gives the digest that others refer to; in a preview it is yet to come.
      ...(preview && !image.skipPush ? {} : { repoDigest }),
    };
  }

  /** Writes to the engine in the order of the calls. */
  #log(urn: string): BuildLog & { written(): Promise<void> } {
    const engine = this.#context.engine();
    let last: Promise<void> = Promise.resolve();
    const write = (severity: "info" | "warning", message: string, ephemeral: boolean) => {
      last = last.then(() => engine?.log(severity, message, { urn, ephemeral }));
      // Told by written().
      last.catch(() => undefined);
    };
    return {
      status: (message) => write("info", message, true),
      warn: (message) => write("warning", message, false),
      written: () => last,
    };
  }
}

/**
 * The digest of a build context.
 * @throws Error in the official plugin's words where the Dockerfile is missing
 */
function digestOf({ context, dockerfile }: BuildInputs): string {
  if (existsSync(dockerfile)) return contextDigest(context, dockerfile);
  if (isAbsolute(dockerfile))
    throw new Error(`could not open dockerfile at absolute path ${dockerfile}: no such file or directory`);
  const inContext = join(context, dockerfile);
  throw new Error(
    existsSync(inContext)
      ? `could not open dockerfile at relative path ${dockerfile}. Try setting \`dockerfile\` to "${inContext}"`
      : `could not open dockerfile at relative path ${dockerfile}: no such file or directory`,
  );
}

/** Containers run Linux, whatever the host does. */
function hostPlatform(): string {
  return `linux/${goArchitectures[process.arch] ?? process.arch}`;
}

function clear(properties: PropertyMap): PropertyMap {
  const plain = withoutSecrets(properties);
  return isPropertyMap(plain) ? plain : {};
}

function present(value: PropertyValue | undefined): boolean {
  return value !== undefined && value !== null;
}

function withoutNulls(properties: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null));
}

function unsupported(token: string): Error {
  return new Error(
    `Cannot serve ${token}: this stand-in for the docker plugin builds images (${imageType}) and nothing else. ` +
      `Install the official one (pulumi plugin install resource docker v${manifest.version}) where the network allows`,
  );
}
