import { existsSync, readFileSync } from "node:fs";
import { basename, join, posix } from "node:path";

/** What a `.dockerignore` leaves out of a build context. */
export interface IgnoreRules {
  /** Whether the file is left out; its path is relative to the context, with slashes. */
  ignores(path: string): boolean;
  /** Whether nothing below the folder can be in the context, so that nobody needs to look. */
  ignoresAllBelow(path: string): boolean;
}

interface Rule {
  readonly matches: RegExp;
  /** The rule takes files in again that an earlier one left out. */
  readonly includes: boolean;
}

/**
 * Reads the rules for a build: `<Dockerfile>.dockerignore` in the context where there is one, else `.dockerignore`
 * (https://docs.docker.com/build/concepts/context/#dockerignore-files).
 */
export function readIgnoreRules(context: string, dockerfile: string): IgnoreRules {
  const path = [`${basename(dockerfile)}.dockerignore`, ".dockerignore"]
    .map((name) => join(context, name))
    .find((candidate) => existsSync(candidate));
  return parseIgnoreRules(path === undefined ? "" : readFileSync(path, "utf8"));
}

/** Parses rules: one pattern a line, `#` comments, `!` exceptions, the last match decides; a folder's rule holds for all below it. */
export function parseIgnoreRules(text: string): IgnoreRules {
  const rules = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "!")
    .map(parseRule);
  const ignores = (path: string) => {
    const ancestry = ancestors(path);
    return rules.reduce(
      (ignored, { matches, includes }) => (ancestry.some((part) => matches.test(part)) ? !includes : ignored),
      false,
    );
  };
  const hasExceptions = rules.some(({ includes }) => includes);
  return { ignores, ignoresAllBelow: (path) => !hasExceptions && ignores(path) };
}

/** `a/b/c` → `a`, `a/b`, `a/b/c`. */
function ancestors(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

function parseRule(line: string): Rule {
  const includes = line.startsWith("!");
  const pattern = includes ? line.slice(1).trim() : line;
  const clean = posix
    .normalize(pattern)
    .replace(/^\//, "")
    .replace(/(.)\/$/, "$1");
  return { matches: new RegExp(`^${source(clean)}$`, "su"), includes };
}

/** The regular expression for a pattern of Go's `filepath.Match`, to which Docker adds `**` for any number of folders. */
function source(pattern: string): string {
  return pattern.replace(
    /\*\*\/|\*\*|\*|\?|\\(.)|\[(\^?)((?:\\.|[^\]\\])+)\]|([^*?[\\])|(.)/gsu,
    (token: string, escaped?: string, negated?: string, set?: string, literal?: string) => {
      if (token === "**/") return "(?:.*/)?";
      if (token === "**") return ".*";
      if (token === "*") return "[^/]*";
      if (token === "?") return "[^/]";
      if (set !== undefined) return `[${negated ?? ""}${set.replace(/[[&]/g, String.raw`\$&`)}]`;
      return (escaped ?? literal ?? token).replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
    },
  );
}
