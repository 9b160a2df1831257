import { format } from "prettier";
import type { Policy } from "../policy/kit/index.ts";
import { groups } from "../policy/policies.ts";

const introduction = `# Policies

What the policy pack in \`policy/\` asks of a stack. The page is made from the policies themselves: \`npm run docs:policies\`.

- **Level**: \`advisory\` reports and goes on, \`mandatory\` stops the deployment before anything is changed, \`remediate\` changes what is wrong first (where a policy says how) and is mandatory for the rest, \`disabled\` is off.
- **Judges**: a policy of each *resource* is run before that is created or changed, on its own values; one of the *stack* at the end of a preview, on all resources together, and again at the end of an update.
- What a preview can't know yet is judged when it is known: until then an advisory note names it, and everything else is judged.
- A stack's policy config is a JSON file: by a policy's name its level, or an object with \`enforcementLevel\`, \`severity\` (\`low\`, \`medium\`, \`high\`, \`critical\`) and the keys below.

\`\`\`json
{ "image-latest": "advisory", "listener-ports": { "enforcementLevel": "mandatory", "severity": "high", "allowed": [5432, { "from": 31400, "to": 31409 }] } }
\`\`\`
`;

const about: Readonly<Record<keyof typeof groups, string>> = {
  routing:
    "What Istio's and the Gateway API's objects of a stack compile to, and what the analysis says of them: the same that the gateway serves and `tcp-ingress analyze` says.",
  workloads:
    "Pods, wherever they are made: the checks of the Pod Security Standards by their own names, and what else keeps a workload up and apart.",
  images: "Of every container, init and ephemeral ones too.",
  exposure: "How Services are reached, and what that costs.",
  hygiene: "Whose objects are, what must not be lost, and where secrets have no place.",
};

/** The page of all policies, `docs/policies.md`. */
export async function policiesPage(): Promise<string> {
  const sections = (Object.keys(groups) as (keyof typeof groups)[]).flatMap((name) => [
    `## ${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    about[name],
    policyTable(groups[name]),
    configTable(groups[name]),
  ]);
  return format([introduction, ...sections].join("\n\n"), { parser: "markdown", printWidth: 120 });
}

function policyTable(policies: readonly Policy[]): string {
  return table(
    ["policy", "why", "level", "severity", "judges", "`remediate`"],
    policies.map(({ name, description, level, severity, remediation, pulumi }) => [
      `\`${name}\``,
      description,
      level,
      severity,
      "validateStack" in pulumi ? "stack" : "resource",
      remediation ?? "",
    ]),
  );
}

/** The keys of policies' configs; `severity`, which all have, is said once. */
function configTable(policies: readonly Policy[]): string {
  const rows = policies.flatMap(({ name, pulumi }) =>
    Object.entries(pulumi.configSchema?.properties ?? {})
      .filter(([key]) => key !== "severity")
      .map(([key, schema]) => [
        `\`${name}\``,
        `\`${key}\``,
        `\`${JSON.stringify(schema.default)}\``,
        schema.description ?? "",
      ]),
  );
  return rows.length === 0 ? "" : table(["policy", "key", "default", "what it says"], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
