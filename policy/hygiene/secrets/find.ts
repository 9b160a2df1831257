import { matchesAny } from "../../kit/index.ts";
import { secretNamed } from "./names.ts";
import { settingsIn } from "./settings.ts";
import { isHarmless, secretFormat } from "./values.ts";

/** What the people of a stack know better. Names are matched whatever their case; `*` stands for anything. */
export interface SecretNames {
  /** More names whose values are secrets. */
  readonly secret: readonly string[];
  /** Names whose values are none, and are not looked at. */
  readonly exempt: readonly string[];
}

/**
 * Looks for a secret in a named value, which may be missing, or no text where the program is wrong.
 *
 * @returns what was found (`a password`, `a text with a private key in line 3`), in words of our own alone: nothing of the value
 */
export function secretIn(name: string, given: unknown, names: SecretNames): string | undefined {
  if (isListed(names.exempt, name)) return undefined;
  const value = String(given ?? "");
  const named = secretBy(name, names);
  if (named !== undefined && !isHarmless(value)) return named;
  const placed = (what: string, line: number) => (value.includes("\n") ? `a text with ${what} in line ${line}` : what);
  const format = secretFormat(value);
  if (format !== undefined) return placed(format.what, value.slice(0, format.index).split("\n").length);
  for (const setting of settingsIn(name, value)) {
    if (isListed(names.exempt, setting.name) || isHarmless(setting.value)) continue;
    const found = secretBy(setting.name, names);
    if (found !== undefined) return placed(found, setting.line);
  }
  return undefined;
}

/** What a name says, or the people of the stack say of it. */
function secretBy(name: string, { secret }: SecretNames): string | undefined {
  return secretNamed(name) ?? (isListed(secret, name) ? "a secret" : undefined);
}

function isListed(patterns: readonly string[], name: string): boolean {
  const lower = patterns.map((pattern) => pattern.toLowerCase());
  return matchesAny(lower, name.toLowerCase());
}
