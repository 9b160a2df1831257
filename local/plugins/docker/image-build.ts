import { posix, relative, resolve, sep } from "node:path";
import { BuildSession } from "./build-session.ts";
import { readOutput } from "./build-output.ts";
import { packContext } from "./context-tar.ts";
import { type RegistryCredentials, registryAuthHeader, storedCredentials } from "./credentials.ts";
import type { DockerEngine } from "./docker-engine.ts";
import { readIgnoreRules } from "./ignore-file.ts";
import type { ImageInputs } from "./image-inputs.ts";
import { credentialsServer, parseImageName } from "./image-name.ts";

/** How a build tells the user what it does. */
export interface BuildLog {
  /** Under the resource while it is worked on. */
  status(text: string): void;
  /** Among the diagnostics, for good. */
  warn(text: string): void;
}

/** What came of a build. */
export interface BuiltImage {
  /** Of the Dockerfile, relative to the context. */
  readonly dockerfile: string;
  /** `REPOSITORY@sha256:…` of a pushed image, the image's ID (`sha256:…`) of one that stays local. */
  readonly repoDigest: string;
}

/** Builds an image as its inputs say, and pushes it unless `push` is false. */
export async function buildImage(
  engine: DockerEngine,
  image: ImageInputs,
  push: boolean,
  log: BuildLog,
  cancelled: AbortSignal,
): Promise<BuiltImage> {
  const { context, dockerfile: path } = image.build;
  const name = relative(resolve(context), resolve(path)).split(sep).join(posix.sep);
  const credentials = await imageCredentials(image, push, log);
  await pullCache(engine, image, credentials, log, cancelled);
  const imageId = await build(engine, image, { path, name }, credentials, log, cancelled);
  log.status(`Image built successfully, local id "${imageId}"`);
  if (!push) return { dockerfile: name, repoDigest: imageId };
  return { dockerfile: name, repoDigest: await pushImage(engine, image.imageName, credentials, log, cancelled) };
}

interface ImageCredentials {
  readonly server: string;
  readonly credentials: RegistryCredentials | undefined;
}

/** The program's credentials for the image's registry, else those that the machine has. */
async function imageCredentials(
  { registry, imageName, build }: ImageInputs,
  push: boolean,
  log: BuildLog,
): Promise<ImageCredentials> {
  if (!push && build.cacheFrom.length === 0) return { server: "", credentials: undefined };
  const server = credentialsServer(registry.server, imageName);
  const { username, password } = registry;
  if (username !== "" && password !== "") return { server, credentials: { username, password } };
  if (password !== "") log.warn("username was not set, although password was; using host credentials file");
  if (username !== "") log.warn("password was not set, although username was; using host credentials file");
  return { server, credentials: await storedCredentials(server, process.env) };
}

/** BuildKit takes a cache only from images that are there. One that can't be had makes the build slower, not wrong. */
async function pullCache(
  engine: DockerEngine,
  { build }: ImageInputs,
  { server, credentials }: ImageCredentials,
  log: BuildLog,
  cancelled: AbortSignal,
): Promise<void> {
  for (const cacheImage of build.cacheFrom) {
    log.status(`Pulling cached image ${cacheImage}`);
    const { repository, tag } = parseImageName(cacheImage);
    const query = new URLSearchParams({ fromImage: repository, tag, platform: build.platform ?? "" });
    const headers = { "x-registry-auth": registryAuthHeader(credentials, server) };
    try {
      const pull = engine.messages({ method: "POST", path: `/images/create?${query}`, headers }, cancelled);
      for await (const message of pull) log.status(readOutput(message).text);
    } catch (error) {
      cancelled.throwIfAborted();
      log.warn(`Failed to pull cached image ${cacheImage}: ${(error as Error).message}`);
    }
  }
}

async function build(
  engine: DockerEngine,
  { imageName, build: inputs }: ImageInputs,
  dockerfile: { path: string; name: string },
  known: ImageCredentials,
  log: BuildLog,
  cancelled: AbortSignal,
): Promise<string> {
  log.status("Starting Docker build");
  const archive = packContext(inputs.context, readIgnoreRules(inputs.context, dockerfile.path), dockerfile);
  const credentialsFor = async (host: string) => {
    const server = credentialsServer(host, imageName);
    return server === known.server && known.credentials
      ? known.credentials
      : await storedCredentials(server, process.env);
  };
  using session = inputs.builderVersion === 2 ? await BuildSession.open(engine, credentialsFor, cancelled) : undefined;
  const query = new URLSearchParams({
    t: imageName,
    dockerfile: archive.dockerfile,
    version: String(inputs.builderVersion),
    buildargs: JSON.stringify(inputs.args),
    cachefrom: JSON.stringify(inputs.cacheFrom),
    rm: "1",
    ...(session && { session: session.id }),
    ...(inputs.platform && { platform: inputs.platform }),
    ...(inputs.target && { target: inputs.target }),
    ...(inputs.network && { networkmode: inputs.network }),
  });
  for (const host of inputs.addHosts) query.append("extrahosts", host);
  const messages = engine.messages(
    {
      method: "POST",
      path: `/build?${query}`,
      headers: { "content-type": "application/x-tar", "x-registry-config": registryConfigHeader(known) },
      body: archive.stream,
    },
    cancelled,
  );
  let imageId: string | undefined;
  for await (const message of messages) {
    const line = outputOf(message, "error reading build output");
    imageId = line.imageId ?? imageId;
    if (line.text.trim() !== "") log.status(line.text.trim());
  }
  if (imageId === undefined)
    throw new Error(`Cannot tell which image was built as ${imageName}: the engine ended without its ID`);
  return imageId;
}

async function pushImage(
  engine: DockerEngine,
  imageName: string,
  { server, credentials }: ImageCredentials,
  log: BuildLog,
  cancelled: AbortSignal,
): Promise<string> {
  log.status("Pushing Image to the registry");
  const { repository, tag } = parseImageName(imageName);
  const path = `/images/${repository}/push?${new URLSearchParams({ tag })}`;
  const headers = { "x-registry-auth": registryAuthHeader(credentials, server) };
  let digest: string | undefined;
  for await (const message of engine.messages({ method: "POST", path, headers }, cancelled)) {
    const line = outputOf(message, "error reading push output");
    digest = line.digest ?? digest;
    if (line.text.trim() !== "") log.status(line.text.trim());
  }
  if (digest === undefined)
    throw new Error(`Cannot tell the digest of ${imageName}: the engine ended its push without one`);
  return `${repository}@${digest}`;
}

function outputOf(message: unknown, what: string) {
  try {
    return readOutput(message);
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}

/** Credentials for the classic builder, which has no session to ask. */
function registryConfigHeader({ server, credentials }: ImageCredentials): string {
  const config = credentials ? { [server]: { username: credentials.username, password: credentials.password } } : {};
  return Buffer.from(JSON.stringify(config)).toString("base64url");
}
