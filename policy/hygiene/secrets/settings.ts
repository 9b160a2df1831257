/** Settings in the texts of configuration files: properties, INI, TOML, YAML, JSON and env files, read by their lines. */

/** A setting and its value, as far as it stands in one line. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  /** From 1 on. */
  readonly line: number;
}

/** `name = value`, `name: value`, `export NAME=value`, `- name: value`; a comment is none. */
const assignment = /^[ \t]*(?:-[ \t]+)?(?:export[ \t]+)?["']?([\w.-]{1,100})["']?[ \t]*[:=][ \t]*(.*)$/;

/** The members of a JSON object, which may stand in one line; texts alone can be a secret. */
const member = /"([^"\\]{1,100})"[ \t]*:[ \t]*"((?:[^"\\]|\\.)*)"/g;

/** The files in which a setting is a value and not part of a program; without an ending it may be one. */
const settingsFiles = /^[^.]+$|\.(?:cfg|cnf|conf|config|env|ini|json|properties|toml|ya?ml)$|^\.env/i;

/** The settings in a file's text. A program (`start.sh`) has none: what it assigns is mostly computed. */
export function settingsIn(file: string, text: string): Setting[] {
  if (!settingsFiles.test(file)) return [];
  return text.split("\n").flatMap((content, index): Setting[] => {
    const line = index + 1;
    const members = Array.from(content.matchAll(member), ([, name = "", value = ""]) => ({ name, value, line }));
    if (members.length > 0) return members;
    const [, name, value = ""] = assignment.exec(content.trimEnd()) ?? [];
    return name === undefined ? [] : [{ name, value: literal(value), line }];
  });
}

/** What a value says: without its quotes, or without the comment behind it; nothing where it only opens a list, a block of text or a structure, or has a tag of YAML (`!secret db`) that fetches it. */
function literal(value: string): string {
  const quoted = /^(["'])(.*?)\1/.exec(value);
  if (quoted !== null) return quoted[2] ?? "";
  return /^(?:[[{|>&*]|!\w+[ \t])/.test(value) ? "" : value.replace(/[ \t]+#.*$/, "");
}
