import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import pluginProto, { type PackageDependency, type PackageParameterization } from "@pulumi/pulumi/proto/plugin_pb.js";

/** The `pulumi` section of a package.json, as SDKs of resource providers have it. */
interface PluginSection {
  readonly resource?: boolean;
  readonly name?: string;
  readonly version?: string;
  readonly server?: string;
  readonly parameterization?: Parameterization;
  readonly extensionParameterization?: Parameterization;
}

/** `value` is base64. */
interface Parameterization {
  readonly name: string;
  readonly version: string;
  readonly value: string;
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly pulumi?: PluginSection;
}

/**
 * Finds the packages under a program's `node_modules` folders that stand for a resource provider, so that the engine can fetch
 * their plugins before the program runs. Policy packs are programs of their own, and are passed over; so are hidden folders outside
 * `node_modules`, where tools keep their state. A package whose manifest can't be read or names no plugin is passed over as well, as the
 * official host does: it may be a test's fixture, and a plugin that is missing is reported once the program asks for it.
 */
export function requiredPackages(directory: string): PackageDependency[] {
  return [...manifests(realpathSync(directory), false, new Set())].flatMap((manifest) => {
    const dependency = packageDependency(manifest);
    return dependency ? [dependency] : [];
  });
}

/** The plugin that a package stands for, undefined where it stands for none. */
export function packageDependency({ name = "", version, pulumi }: Manifest): PackageDependency | undefined {
  if (pulumi?.resource !== true) return undefined;
  // Only Pulumi's own packages are named after their plugin.
  const plugin = pulumi.name || (name.startsWith("@pulumi/") ? name.slice("@pulumi/".length) : "");
  const release = pulumi.version || version;
  if (!plugin || !release) return undefined;
  const dependency = new pluginProto.PackageDependency();
  dependency.setName(plugin);
  dependency.setKind("resource");
  dependency.setVersion(release.startsWith("v") ? release : `v${release}`);
  dependency.setServer(pulumi.server ?? "");
  if (pulumi.parameterization) dependency.setParameterization(parameterization(pulumi.parameterization));
  if (pulumi.extensionParameterization) dependency.setExtension$(parameterization(pulumi.extensionParameterization));
  return dependency;
}

function parameterization({ name, version, value }: Parameterization): PackageParameterization {
  return new pluginProto.PackageParameterization().setName(name).setVersion(version).setValue(value);
}

function* manifests(directory: string, installed: boolean, visited: Set<string>): Generator<Manifest> {
  if (visited.has(directory)) return;
  visited.add(directory);
  for (const entry of entries(directory)) {
    if (!installed && entry.name.startsWith(".") && basename(directory) !== "node_modules") continue;
    const path = resolved(directory, entry);
    if (path === undefined) continue;
    if (path.folder) {
      if (isPolicyPack(path.name)) continue;
      yield* manifests(path.name, installed || basename(directory) === "node_modules", visited);
    } else if (installed && entry.name === "package.json") {
      const manifest = readManifest(path.name);
      if (manifest) yield manifest;
    }
  }
}

function entries(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (isPassedOver(error)) return [];
    throw error;
  }
}

function resolved(directory: string, entry: Dirent): { name: string; folder: boolean } | undefined {
  const name = join(directory, entry.name);
  if (!entry.isSymbolicLink()) return { name, folder: entry.isDirectory() };
  try {
    const target = realpathSync(name);
    return { name: target, folder: statSync(target).isDirectory() };
  } catch (error) {
    if (isPassedOver(error)) return undefined;
    throw error;
  }
}

function isPolicyPack(directory: string): boolean {
  const extensions = ["yaml", "yml", "json"];
  return extensions.some((extension) =>
    statSync(join(directory, `PulumiPolicy.${extension}`), { throwIfNoEntry: false }),
  );
}

function readManifest(path: string): Manifest | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof manifest === "object" && manifest !== null ? manifest : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isPassedOver(error)) return undefined;
    throw error;
  }
}

/** A link to nowhere, a loop of links, a folder that this user may not read or that went away meanwhile. */
function isPassedOver(error: unknown): boolean {
  return ["ENOENT", "ELOOP", "EACCES", "EPERM", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}
