/** Which names of settings, environment variables and files say that their value is a secret. */

/** Nouns that name a secret at the end of a word: `PGPASSWORD` ends in one too. */
const endings: readonly (readonly [string, string])[] = [
  ["password", "a password"],
  ["passwords", "a password"],
  ["passwd", "a password"],
  ["passphrase", "a passphrase"],
  ["token", "a token"],
  ["secret", "a secret"],
  ["credential", "credentials"],
  ["credentials", "credentials"],
  ["apikey", "a key"],
  ["accesskey", "a key"],
  ["privatekey", "a key"],
  ["secretkey", "a key"],
];

/** Nouns too short to be looked for within a word; alone they are no secret either: `PWD` is the working directory. */
const shortNouns = new Set(["pass", "pwd"]);

/** What makes a key a secret one: a sort key or a public key is none. */
const secretKeys = new Set(
  "access account aes api auth client encryption hmac master private secret session shared signing storage".split(" "),
);

/** A Secret of Kubernetes is named by these, and no secret told. */
const namedSecrets = new Set("ca cert certificate existing pull registry ssl tls".split(" "));

/** Words after the noun that change nothing of what it names, unlike those of `PASSWORD_FILE` or `TOKEN_TTL`. */
const qualifiers = new Set(
  "b64 base64 current data default dev encoded new old plain plaintext previous primary prod production secondary staging test text txt value".split(
    " ",
  ),
);

/** What a value of this name is (`a password`), as far as the name says; undefined where it says nothing of a secret. */
export function secretNamed(name: string): string | undefined {
  const words = wordsOf(name);
  while (words.length > 1 && isQualifier(words.at(-1) ?? "")) words.pop();
  const last = words.at(-1) ?? "";
  const before = words.at(-2);
  if (before !== undefined && shortNouns.has(last)) return "a password";
  if (before !== undefined && last === "key" && secretKeys.has(before)) return "a key";
  if (before !== undefined && last === "secret" && namedSecrets.has(before)) return undefined;
  return endings.find(([ending]) => last.endsWith(ending))?.[1];
}

function isQualifier(word: string): boolean {
  return qualifiers.has(word) || /^v?[0-9]+$/.test(word);
}

/** `DB_PASSWORD`, `db.password` and `dbPassword` are the same two words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}
