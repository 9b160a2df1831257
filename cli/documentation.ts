import type { Command } from "commander";
import { createProgram } from "./program.ts";

/** Columns of the help in the page. */
const WIDTH = 120;

const introduction = `# tcp-ingress

\`node_modules/.bin/tcp-ingress\`, in this repository and wherever the package is installed. It brings the Node that it needs.

## What it prints

- On a terminal messages stand below the file or live object that they are about. Anywhere else each is one line, as istioctl prints it:
  \`Error [IST0101] (VirtualService shop/echo routes.yaml:7) Referenced gateway not found: "missing"\`.
- \`-o json\` prints an array of \`{code, level, name, resource, message, reference, documentationUrl}\`; what was found in the cluster has no \`reference\`.
- \`-o sarif\` prints SARIF 2.1.0 with paths relative to the folder that it runs in: start it at the repository's root, and hand the log to your code scanning service.
- Progress is shown on a terminal alone, when something takes over a second.

What messages mean is in [messages.md](messages.md).

## What is left out

\`--suppress CODE=RESOURCE\` leaves messages out, with \`*\` for anything; so does Istio's annotation \`galley.istio.io/analyze-suppress: CODE,CODE\` on an object. The summary counts them. \`--output-threshold\` only hides:
the exit status counts what it hides as well.

## Files and folders

Of folders \`.yaml\`, \`.yml\` and \`.json\` files are read. Files without a Kubernetes object are passed over, which one message says; a Helm template that a folder holds gets a warning, and one that is named cannot be read.
Objects of other kinds than routing reads are ignored with an Info. What is named by hand and cannot be read exits 2.

## The live cluster

\`--cluster\` reads what \`kubectl\` would reach: \`--kubeconfig\`, else \`$KUBECONFIG\`, else \`~/.kube/config\`, else the pod's service account. All namespaces are read, as routes cross them, and \`-n\` or \`-A\` says of which ones
messages are shown. Secrets and pods travel as metadata alone. It needs the right to list what routing reads; where a kind may not be listed in all namespaces, its checks are skipped, and that is said.

## The commands
`;

/** The page of the command line, `docs/cli.md`: what each command's own help says. */
export function commandsMarkdown(): string {
  const program = createProgram();
  return [introduction, ...program.commands.flatMap(section)].join("\n");
}

function section(command: Command): string[] {
  return [`### tcp-ingress ${command.name()}`, "", "```text", helpOf(command), "```", ""];
}

function helpOf(command: Command): string {
  let help = "";
  command.configureOutput({
    writeOut: (text) => (help += text),
    getOutHelpWidth: () => WIDTH,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return help.trim();
}
