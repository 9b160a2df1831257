import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { policiesPage } from "./policies-page.ts";

interface PackageFile {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** What the pack needs beside itself: Pulumi's launcher takes both from the pack's own `node_modules`. */
const dependencies = ["@pulumi/policy", "@pulumi/pulumi"] as const;

/**
 * Writes the policy pack as a folder that stands alone, for `pulumi policy publish` and for stacks of other repositories: its code in one file for any Node since 22, whatever its
 * dependencies are fetched with.
 *
 * @param folder where to; it is made if need be, and other files in it are left alone
 * @param root the repository
 */
export async function bundlePolicy(folder: string, root = join(import.meta.dirname, "..")): Promise<void> {
  const repository = await readPackage(join(root, "package.json"));
  const { version } = await readPackage(join(root, "policy", "package.json"));
  const versions = { ...repository.dependencies, ...repository.devDependencies };
  await mkdir(folder, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: [join(root, "policy", "index.js")],
    outfile: join(folder, "index.js"),
    bundle: true,
    platform: "node",
    target: "node22",
    // The launcher requires the pack, and older Nodes require no ES modules.
    format: "cjs",
    external: dependencies.map((name) => `${name}*`),
    legalComments: "eof",
    logLevel: "silent",
  });
  const manifest = {
    name: "tcp-ingress-policy",
    version,
    private: true,
    license: "Apache-2.0",
    main: "index.js",
    engines: { node: ">=22" },
    dependencies: Object.fromEntries(dependencies.map((name) => [name, versions[name]])),
  };
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  await writeFile(join(folder, "PulumiPolicy.yaml"), await readFile(join(root, "policy", "PulumiPolicy.yaml"), "utf8"));
  await writeFile(join(folder, "README.md"), await policiesPage());
}

async function readPackage(path: string): Promise<PackageFile> {
  return JSON.parse(await readFile(path, "utf8")) as PackageFile;
}
