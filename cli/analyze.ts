import { Option, type Command } from "commander";
import { createCommand } from "./command.ts";
import type { LevelName } from "./analyze/select.ts";
import type { Suppression } from "./analyze/suppress.ts";
import {
  addColorOption,
  addConnectionOptions,
  type ColorOptions,
  type ConnectionOptions,
  type NamespaceOptions,
} from "./options.ts";

/** What `tcp-ingress analyze` was told. */
export interface AnalyzeOptions extends ConnectionOptions, NamespaceOptions, ColorOptions {
  readonly cluster?: true;
  readonly complete?: true;
  readonly output: "text" | "json" | "sarif";
  readonly failOn: LevelName;
  readonly outputThreshold: LevelName;
  readonly suppress: readonly Suppression[];
}

interface RawOptions extends Omit<AnalyzeOptions, "suppress"> {
  readonly json?: true;
  readonly explain?: string;
  readonly suppress: readonly string[];
}

/** `tcp-ingress analyze`: what is wrong with Istio and Kubernetes YAML, or in a cluster. */
export function analyzeCommand(): Command {
  const command = createCommand("analyze", {
    summary: "Say what is wrong with Istio and Kubernetes YAML, or in a cluster",
    description: `Say what is wrong with Istio and Kubernetes YAML, or in a cluster.

Of folders all .yaml, .yml and .json files are read, and those of their folders; hidden ones and node_modules are passed over. Files together with --cluster are analyzed as if they were
applied to it. What a check needs and the input does not hold (pods, Services, Secrets) makes it be skipped, which is said; with --complete or --cluster nothing is missing.`,
    examples: [
      ["tcp-ingress analyze manifests/", "a folder"],
      ["helm template chart/ | tcp-ingress analyze -", "what Helm makes of a chart"],
      ["tcp-ingress analyze --cluster -A", "the whole cluster that kubectl reaches"],
      ["tcp-ingress analyze --cluster -n payments new.yaml", "what new.yaml would do there"],
      ["tcp-ingress analyze -o sarif . > tcp-ingress.sarif", "for code scanning"],
      ['tcp-ingress analyze -S "IST0118=Service shop/*" manifests/', "without what is known already"],
    ],
    exit: "0; 1 when a message is an error (--fail-on); 2 when input cannot be read, no cluster answers, or the options make no sense",
  })
    .argument("[inputs...]", "files, folders, or - for standard input")
    .option("--cluster", "read the live cluster")
    .option(
      "-n, --namespace <name>",
      "namespace of objects that name none, and of the live ones to speak of (default: the context's, else default)",
    )
    .option("-A, --all-namespaces", "speak of the live objects of all namespaces");
  addConnectionOptions(command)
    .option("--complete", "the input is the whole cluster: what it lacks does not exist")
    .addOption(new Option("-o, --output <format>", "how to print").choices(["text", "json", "sarif"]).default("text"))
    .option("--json", "print an array of messages: -o json")
    .addOption(levelOption("--fail-on <level>", "the mildest level that exits 1", ["warning", "error"], "error"))
    .addOption(
      levelOption(
        "--output-threshold <level>",
        "the mildest level that is shown",
        ["info", "warning", "error"],
        "info",
      ),
    )
    .addOption(
      new Option(
        "-S, --suppress <code=resource>",
        "leave out messages, such as IST0118=Service shop/*; may be repeated",
      )
        .argParser((text: string, before: string[]) => [...before, text])
        .default([], "none"),
    )
    .option("--explain <code>", "print what a message means and how to mend it");
  return addColorOption(command).action(act);
}

function levelOption(flags: string, description: string, choices: LevelName[], fallback: LevelName): Option {
  return new Option(flags, description).choices(choices).default(fallback);
}

async function act(paths: string[], options: RawOptions, command: Command): Promise<void> {
  if (options.explain !== undefined) {
    const { explain } = await import("./explain/run.ts");
    explain(options.explain);
    return;
  }
  if (paths.length === 0 && options.cluster !== true) {
    command.error("error: name at least one file or folder, - for standard input, or --cluster");
  }
  if (options.allNamespaces === true && options.cluster !== true) {
    command.error("error: --all-namespaces is about live objects: give --cluster as well");
  }
  const [{ run }, { parseSuppression }] = await Promise.all([
    import("./analyze/run.ts"),
    import("./analyze/suppress.ts"),
  ]);
  await run(paths, {
    ...options,
    output: options.json === true ? "json" : options.output,
    suppress: options.suppress.map(parseSuppression),
  });
}
