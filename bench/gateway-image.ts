import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** How the gateway's image starts Node. */
export interface ImageStart {
  /** Node's own flags. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const dockerfile = join(import.meta.dirname, "..", "app", "gateway", "Dockerfile");

/** Reads the image's Dockerfile, so that what is measured is what is shipped. */
export async function readImageStart(): Promise<ImageStart> {
  const text = await readFile(dockerfile, "utf8");
  const env = /^ENV (.+)$/m.exec(text)?.[1];
  const entrypoint = /^ENTRYPOINT (.+)$/m.exec(text)?.[1];
  if (env === undefined || entrypoint === undefined)
    throw new Error(
      `Cannot start the gateway as its image does: ${dockerfile} has no ENV or no ENTRYPOINT in one line`,
    );
  const [, ...words] = JSON.parse(entrypoint) as string[];
  return {
    flags: words.filter((word) => word.startsWith("--")),
    env: Object.fromEntries(env.split(" ").map(nameAndValue)),
  };
}

function nameAndValue(pair: string): [string, string] {
  const end = pair.indexOf("=");
  return [pair.slice(0, end), pair.slice(end + 1)];
}
