import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** One entry of an archive. Directories come from `folder`, files from memory or from the disk. */
export interface TarEntry {
  /** Path in the archive, without a leading slash. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  /** Owner, by number; default 0 (root), with the group of the same number. */
  readonly owner?: number;
  readonly content:
    | { readonly kind: "folder" }
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "file"; readonly source: string };
}

const blockSize = 512;

/**
 * An archive in the ustar format of POSIX.1-1988, the same bytes for the same contents: entries are in the order given, without times, and owners
 * have no names.
 *
 * @throws RangeError for a path over 100 bytes, which the format cannot hold in one field
 */
export async function* tar(entries: readonly TarEntry[]): AsyncGenerator<Uint8Array> {
  for (const entry of entries) {
    const size = await sizeOf(entry);
    yield header(entry, size);
    yield* contentOf(entry);
    yield new Uint8Array((blockSize - (size % blockSize)) % blockSize);
  }
  // Two empty blocks end an archive.
  yield new Uint8Array(2 * blockSize);
}

async function sizeOf({ content }: TarEntry): Promise<number> {
  switch (content.kind) {
    case "folder":
      return 0;
    case "text":
      return Buffer.byteLength(content.text);
    case "file":
      return (await stat(content.source)).size;
  }
}

async function* contentOf({ content }: TarEntry): AsyncGenerator<Uint8Array> {
  if (content.kind === "text") yield Buffer.from(content.text);
  if (content.kind === "file") {
    const chunks = createReadStream(content.source, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
    yield* chunks;
  }
}

function header(entry: TarEntry, size: number): Uint8Array {
  const folder = entry.content.kind === "folder";
  const path = folder ? `${entry.path}/` : entry.path;
  if (Buffer.byteLength(path) > 100)
    throw new RangeError(`Cannot put ${path} into an archive as its path has more than 100 bytes`);
  const block = Buffer.alloc(blockSize);
  const owner = entry.owner ?? 0;
  block.write(path, 0);
  block.write(octal(entry.mode, 7), 100);
  block.write(octal(owner, 7), 108);
  block.write(octal(owner, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  // The checksum counts its own field as spaces.
  block.write(" ".repeat(8), 148);
  block.write(folder ? "5" : "0", 156);
  block.write("ustar\0" + "00", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
