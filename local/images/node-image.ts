import { readFile, stat, writeFile } from "node:fs/promises";
import { Repository } from "./registry.ts";
import { certificateAuthorities, librariesOf, withFolders } from "./root-files.ts";
import { tar, type TarEntry } from "./tar.ts";

export interface NodeImageOptions {
  /** `HOST:PORT` of a registry that is spoken to by plain HTTP. */
  readonly registry: string;
  /** File that remembers what the image was made of, so that a rerun need not read it all. */
  readonly record: string;
  readonly signal: AbortSignal;
}

const repository = "base/node";
const program = "usr/local/bin/node";

/**
 * Puts a base image with this very Node into a registry, where no image can be pulled: Node, the C and C++ libraries of this machine, the distribution's
 * certificate authorities, users `root` and `node` (1000). No shell and no package manager, so a Dockerfile's `RUN` takes the exec form.
 *
 * @returns the image's reference, `REGISTRY/base/node:MAJOR`
 */
export async function ensureNodeImage({ registry, record, signal }: NodeImageOptions): Promise<string> {
  const [major = ""] = process.versions.node.split(".");
  const target = new Repository(registry, repository);
  const libraries = await librariesOf(process.execPath);
  const inputs = JSON.stringify(await Promise.all([process.execPath, ...libraries].map(fingerprint)));
  if (await isMade(target, major, record, inputs)) return `${registry}/${repository}:${major}`;
  const digest = await target.push(major, {
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    config: {
      Env: [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        `NODE_VERSION=${process.versions.node}`,
      ],
      Cmd: ["node"],
    },
    layers: [
      { createdBy: "C and C++ libraries, certificates, users", content: tar(await systemEntries(libraries, signal)) },
      { createdBy: `Node ${process.versions.node}`, content: tar(withFolders([file(program, process.execPath)])) },
    ],
  });
  await writeFile(record, JSON.stringify({ digest, inputs }));
  return `${registry}/${repository}:${major}`;
}

async function isMade(target: Repository, tag: string, record: string, inputs: string): Promise<boolean> {
  const text = await readFile(record, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return false;
  const made = JSON.parse(text) as { digest: string; inputs: string };
  return made.inputs === inputs && (await target.digestOf(tag)) === made.digest;
}

async function fingerprint(path: string): Promise<readonly [string, number, number]> {
  const { size, mtimeMs } = await stat(path);
  return [path, size, mtimeMs];
}

async function systemEntries(libraries: readonly string[], signal: AbortSignal): Promise<TarEntry[]> {
  return withFolders([
    ...libraries.map((path) => file(path.slice(1), path)),
    text(
      "etc/passwd",
      "root:x:0:0:root:/:/sbin/nologin\nnode:x:1000:1000::/home/node:/sbin/nologin\nnobody:x:65534:65534::/:/sbin/nologin\n",
    ),
    text("etc/group", "root:x:0:\nnode:x:1000:\nnogroup:x:65534:\n"),
    text("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"),
    text("etc/ssl/certs/ca-certificates.crt", await certificateAuthorities(signal)),
    { path: "tmp", mode: 0o1777, content: { kind: "folder" } },
    { path: "home/node", mode: 0o755, owner: 1000, content: { kind: "folder" } },
  ]);
}

function file(path: string, source: string): TarEntry {
  return { path, mode: 0o755, content: { kind: "file", source } };
}

function text(path: string, content: string): TarEntry {
  return { path, mode: 0o644, content: { kind: "text", text: content } };
}
