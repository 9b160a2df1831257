import { posix } from "node:path";
import { isPropertyArray, isPropertyMap, type PropertyMap, type PropertyValue } from "../provider/index.ts";

/** What `docker:index/image:Image` is to build, with its defaults filled in. */
export interface ImageInputs {
  readonly imageName: string;
  readonly skipPush: boolean;
  readonly buildOnPreview: boolean;
  readonly registry: { readonly server: string; readonly username: string; readonly password: string };
  readonly build: BuildInputs;
}

/** The `build` of an image. Paths are relative to the program. */
export interface BuildInputs {
  readonly context: string;
  readonly dockerfile: string;
  /** 2 is BuildKit. */
  readonly builderVersion: 1 | 2;
  readonly platform: string | undefined;
  readonly target: string | undefined;
  readonly network: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  readonly cacheFrom: readonly string[];
  readonly addHosts: readonly string[];
}

/**
 * Reads an image's inputs. In a preview, what is not known yet is as if it were not there.
 * @throws Error naming the input that is wrong
 */
export function readImageInputs(inputs: PropertyMap): ImageInputs {
  const registry = object(inputs["registry"]);
  return {
    imageName: text(inputs["imageName"]) ?? "",
    skipPush: inputs["skipPush"] === true,
    buildOnPreview: inputs["buildOnPreview"] === true,
    registry: {
      server: text(registry["server"]) ?? "",
      username: text(registry["username"]) ?? "",
      password: text(registry["password"]) ?? "",
    },
    build: readBuild(object(inputs["build"])),
  };
}

function readBuild(build: PropertyMap): BuildInputs {
  const context = text(build["context"]) ?? ".";
  return {
    context,
    dockerfile: text(build["dockerfile"]) ?? posix.join(context, "Dockerfile"),
    builderVersion: builderVersion(text(build["builderVersion"])),
    platform: text(build["platform"]),
    target: text(build["target"]),
    network: text(build["network"]),
    args: Object.fromEntries(
      Object.entries(object(build["args"])).flatMap(([name, value]) => {
        const argument = text(value);
        return argument === undefined ? [] : [[name, argument]];
      }),
    ),
    cacheFrom: cacheImages(build["cacheFrom"]),
    addHosts: list(build["addHosts"]),
  };
}

function builderVersion(name: string | undefined): 1 | 2 {
  if (name === undefined) return process.env["DOCKER_BUILDKIT"] === "0" ? 1 : 2;
  if (name === "BuilderV1") return 1;
  if (name === "BuilderBuildKit") return 2;
  throw new Error("invalid Docker Builder version");
}

function cacheImages(cacheFrom: PropertyValue | undefined): string[] {
  if (!isPropertyMap(cacheFrom)) return [];
  if (!("images" in cacheFrom)) throw new Error("cacheFrom requires an `images` field");
  const images = cacheFrom["images"];
  if (typeof images === "string" || isPropertyMap(images))
    throw new Error("the `images` field must be a list of strings");
  return list(images);
}

function text(value: PropertyValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function object(value: PropertyValue | undefined): PropertyMap {
  return isPropertyMap(value) ? value : {};
}

function list(value: PropertyValue | undefined): string[] {
  return isPropertyArray(value) ? value.filter((item) => typeof item === "string") : [];
}
