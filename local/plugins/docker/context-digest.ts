import { createHash, type Hash } from "node:crypto";
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { posix } from "node:path";
import { type ContextFile, contextFiles } from "./context-files.ts";
import { readIgnoreRules } from "./ignore-file.ts";

/**
 * The digest of all that a build reads, which tells whether an image needs to be built again. It is the official plugin's, bit for bit: the
 * SHA-256 over one record a file – name, mode as Go prints it, SHA-256 of the content, a zero byte – first for the Dockerfile under
 * that name, whatever it is called, and without a mode; then for every file of the context in walk order but the ignored ones. The
 * content of a link is the path that it leads to.
 * @returns 64 hex digits
 */
export function contextDigest(context: string, dockerfile: string): string {
  const digest = createHash("sha256");
  record(digest, "Dockerfile", "----------", readFileSync(dockerfile));
  for (const file of contextFiles(context, readIgnoreRules(context, dockerfile))) {
    if (file.kind === "folder") continue;
    record(digest, file.name, modeText(file), file.kind === "link" ? resolveLinks(file.path) : readFileSync(file.path));
  }
  return digest.digest("hex");
}

function record(digest: Hash, name: string, mode: string, content: string | Buffer): void {
  digest.update(name).update(mode).update(createHash("sha256").update(content).digest()).update("\0");
}

/** The mode as Go's `fs.FileMode.String` has it, such as `-rw-r--r--`, `Lrwxrwxrwx` or `urwxr-xr-x`. */
export function modeText({ kind, mode }: Pick<ContextFile, "kind" | "mode">): string {
  const letters = [kind === "link" && "L", mode & 0o4000 && "u", mode & 0o2000 && "g", mode & 0o1000 && "t"].filter(
    (letter) => typeof letter === "string",
  );
  const permissions = [..."rwxrwxrwx"].map((letter, bit) => (mode & (0o400 >> bit) ? letter : "-"));
  return (letters.join("") || "-") + permissions.join("");
}

/** Go's `filepath.EvalSymlinks`: follows every link in a path, and leaves a relative path relative. */
function resolveLinks(path: string): string {
  const absolute = path.startsWith("/");
  let rest = path.split("/").filter((part) => part !== "");
  let resolved = absolute ? "/" : "";
  for (let links = 0; rest.length > 0;) {
    const [part = "", ...others] = rest;
    const candidate = posix.join(resolved, part);
    if (!lstatSync(candidate).isSymbolicLink()) {
      resolved = candidate;
      rest = others;
      continue;
    }
    links += 1;
    if (links > 255) throw new Error(`Cannot hash ${path} as its links lead in a circle`);
    const target = readlinkSync(candidate);
    if (target.startsWith("/")) resolved = "/";
    rest = [...target.split("/").filter((step) => step !== ""), ...others];
  }
  return resolved;
}
