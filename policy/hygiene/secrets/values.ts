/** Which values are no secret whatever they are named, and which are one whatever they are named. */

/** What stands for a value that comes from elsewhere; the group is its default. */
const reference = new RegExp(
  [
    String.raw`\$\([^()]*\)`, // $(NAME) of Kubernetes, $(command) of a shell
    String.raw`\$(?:__)?(?:\{)?(?:env|file|secret|sm|sys|vault)[:.{][^{}]*\}`, // ${env:NAME} of Kafka and others, $__file{path} of Grafana
    String.raw`\$\{[\w.]+(?::?\?[^{}]*|:?-?([^{}]*))\}`, // ${NAME}, ${NAME:-default}, ${NAME:default}, ${NAME:?complaint}
    String.raw`\$[A-Z_][A-Z0-9_]*\b`, // $NAME of a shell
    String.raw`^\$(?:[A-Za-z_]+|[\w-]+(?:[.:][\w-]+)+)$`, // $secret and $secret:key of Argo CD
    String.raw`\{\{[^{}]*\}\}`, // {{ template }}
    String.raw`%\w+%`, // %NAME% of Windows
    String.raw`^<[^<>]*>$`, // <placeholder>
  ].join("|"),
  "g",
);

/** Where a secret is kept, or one that is encrypted, instead of the secret. */
const whereabouts: readonly RegExp[] = [
  /^(?:file:\/\/)?\/(?:app|bin|config|dev|etc|home|mnt|opt|proc|root|run|secrets?|srv|tmp|usr|var|vault|workspace)\/[\w./-]+$/,
  /^(?:vault|op|ref\+\w+|awssm|gcpsm|azurekeyvault):/,
  /^arn:aws[\w-]*:(?:kms|secretsmanager|ssm):/,
  /^projects\/[\w-]+\/secrets\//,
  /^(?:ENC[([]|\{cipher\})/,
];

const harmless: readonly RegExp[] = [
  /^(?:true|false|yes|no|on|off|enabled|disabled|none|null|nil|undefined|redacted|0|1)$/i,
  /^([*x.-])\1*$/i, // a mask
  /^[a-z][a-z0-9+.-]*:\/\/[^\s@]*$/i, // a URL without credentials
  ...whereabouts,
];

/** Whether a value tells nobody a secret: none, a switch, a reference to another value, a mask, the place where a secret is kept. */
export function isHarmless(value: string): boolean {
  const text = value.trim();
  return text === "" || harmless.some((pattern) => pattern.test(text)) || isReference(text);
}

/** Whether nothing but references is left of a text; a default within one is a value as well. */
function isReference(text: string): boolean {
  const defaults: string[] = [];
  const rest = text.replace(reference, (_all, fallback: string | undefined) => {
    defaults.push(fallback ?? "");
    return "";
  });
  return (
    defaults.length > 0 && /^[^\p{L}\p{N}]*(?:basic|bearer)?[^\p{L}\p{N}]*$/iu.test(rest) && defaults.every(isHarmless)
  );
}

/** Texts that are secrets by their form; the first group, where there is one, is what has to be no reference, and no example in a comment. What may begin anywhere is bounded, so that a long text takes no longer than it is long. */
const formats: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a private key", /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|AGE-SECRET-KEY-1[A-Z0-9]{58}/g],
  ["an AWS access key", /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g],
  ["an Azure storage key", /\bAccountKey=[A-Za-z0-9+/]{86}==/g],
  ["a Google API key", /\bAIza[\w-]{35}(?![\w-])/g],
  ["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{82})\b/g],
  ["a GitLab token", /\bglpat-[\w-]{20,}/g],
  ["a Slack token", /\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bhooks\.slack\.com\/services\/\w+\/\w+\/\w+/g],
  ["a Stripe key", /\b[rs]k_(?:live|test)_[A-Za-z0-9]{10,}/g],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}\b/g],
  ["a PyPI token", /\bpypi-AgEI[\w-]{50,}/g],
  ["a Docker Hub token", /\bdckr_pat_[\w-]{27}(?![\w-])/g],
  ["a DigitalOcean token", /\bdo[opr]_v1_[a-f0-9]{64}\b/g],
  ["a SendGrid key", /\bSG\.[\w-]{22}\.[\w-]{43}(?![\w-])/g],
  ["a Vault token", /\bhv[bs]\.[\w-]{24,}/g],
  ["a Pulumi access token", /\bpul-[a-f0-9]{40}\b/g],
  ["an OpenAI or Anthropic key", /\bsk-(?:ant|proj|svcacct)-[\w-]{20,}/g],
  ["a JSON web token", /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g],
  ["an HTTP credential", /\b(?:Basic|Bearer) +(?=\S{0,200}[0-9])([\w.~+/-]{12,}=*)/g],
  ["a URL with a password", /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/?#:@"']{0,200}:([^\s/?#@"']{1,200})@/gi],
  ["a connection string with a password", /\w=[^=,\n]{0,200}[;\s](?:password|pwd)=([^;\s"']+)/gi],
  ["a connection string with a password", /\b(?:password|pwd)=([^;\s"']{1,200});/gi],
];

/** What a text holds that is a secret by its form, and where it begins; undefined where there is none. */
export function secretFormat(text: string): { readonly what: string; readonly index: number } | undefined {
  for (const [what, pattern] of formats) {
    for (const { index, 1: value } of text.matchAll(pattern)) {
      if (value === undefined || !(isHarmless(value) || isComment(text, index))) return { what, index };
    }
  }
  return undefined;
}

/** Whether the line of a place in a text is a comment up to there. */
function isComment(text: string, index: number): boolean {
  return /^[ \t]*(?:#|;|\/\/)/.test(text.slice(text.lastIndexOf("\n", index) + 1, index));
}
