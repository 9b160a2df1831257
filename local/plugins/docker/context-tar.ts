import { createReadStream, existsSync, readFileSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pack, type Pack } from "tar-stream";
import { type ContextFile, contextFiles } from "./context-files.ts";
import type { IgnoreRules } from "./ignore-file.ts";

const ignoreFile = ".dockerignore";

type Header = Parameters<Pack["entry"]>[0];

/** A build context on its way to the engine, and the name of the Dockerfile in it. */
export interface ContextArchive {
  readonly stream: Readable;
  readonly dockerfile: string;
}

/**
 * Packs a build context as `docker build` does: owned by root, without what is ignored, but always with the Dockerfile. One that lies outside of
 * the context is added under a name of its own, which the context's `.dockerignore` then keeps out of the image.
 * @param dockerfile path of the Dockerfile, and `name` the same relative to the context
 */
export function packContext(
  context: string,
  rules: IgnoreRules,
  dockerfile: { path: string; name: string },
): ContextArchive {
  const stream = pack();
  const outside = dockerfile.name.startsWith("../");
  const name = outside ? `.dockerfile.${basename(dockerfile.path)}` : dockerfile.name;
  const kept: IgnoreRules = {
    ignores: (path) => path !== name && rules.ignores(path),
    ignoresAllBelow: (path) => !name.startsWith(`${path}/`) && rules.ignoresAllBelow(path),
  };
  const packing = async () => {
    for (const file of contextFiles(context, kept)) {
      if (outside && file.name === ignoreFile) continue;
      await add(stream, file);
    }
    if (outside) {
      const path = join(context, ignoreFile);
      const ignored = existsSync(path) ? readFileSync(path, "utf8") : "";
      stream.entry({ name: ignoreFile, mode: 0o644 }, `${ignored}\n${ignoreFile}\n${name}\n`);
      stream.entry({ name, mode: 0o644 }, readFileSync(dockerfile.path));
    }
    stream.finalize();
  };
  packing().catch((error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))));
  return { stream: Readable.from(stream), dockerfile: name };
}

async function add(stream: Pack, file: ContextFile): Promise<void> {
  const header: Header = { name: file.name, mode: file.mode, mtime: file.modified, uid: 0, gid: 0 };
  switch (file.kind) {
    case "folder":
      stream.entry({ ...header, type: "directory" });
      return;
    case "link":
      stream.entry({ ...header, type: "symlink", linkname: readlinkSync(file.path) });
      return;
    case "file":
      await addContent(stream, { ...header, type: "file", size: file.size }, file.path);
      return;
    case "other":
      // Sockets and devices can't be built into an image; Docker passes them over too.
      return;
  }
}

async function addContent(stream: Pack, header: Header, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const entry = stream.entry(header, (error) => (error ? reject(error) : resolve(undefined)));
  const content = createReadStream(path);
  content.on("error", (error) => entry.destroy(error));
  entry.on("close", () => content.destroy());
  content.pipe(entry);
  await promise;
}
