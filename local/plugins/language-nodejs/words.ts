/**
 * Splits a line into words as a POSIX shell does, without expansions: blanks separate, `'…'` is literal, in `"…"` a backslash
 * escapes `"` and `\`, elsewhere it escapes any character.
 * @throws Error where a quote is not closed
 * @example splitWords(`--import "./my hooks.js"`) // ["--import", "./my hooks.js"]
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  const piece = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(\s+)/gsy;
  let word: string | undefined;
  while (piece.lastIndex < line.length) {
    const from = piece.lastIndex;
    const match = piece.exec(line);
    if (!match)
      throw new Error(`Cannot split "${line}" into words as the quote at character ${from + 1} is not closed`);
    const [, literal, quoted, escaped, plain, blank] = match;
    if (blank !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + (literal ?? quoted?.replace(/\\(["\\])/g, "$1") ?? escaped ?? plain ?? "");
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}
