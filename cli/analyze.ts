import { Command, Option } from "commander";
import { analyze, compareMessages, Objects, parseYamlList, type Level, type Message } from "../routing/index.ts";
import { exitCodes } from "./exit-codes.ts";
import { explain } from "./explain.ts";
import { readInputs, type Input } from "./input.ts";
import { formatMessage, formatSummary } from "./print.ts";

interface AnalyzeOptions {
  readonly json?: true;
  readonly complete?: true;
  readonly namespace?: string;
  readonly failOn: "error" | "warning";
  readonly explain?: string;
}

/** `tcp-ingress analyze`: what is wrong with Istio and Kubernetes YAML. */
export function analyzeCommand(): Command {
  return new Command("analyze")
    .description("Say what is wrong with Istio and Kubernetes YAML")
    .argument("[inputs...]", "files, folders, or - for standard input")
    .option("--json", "print an array of messages")
    .option("--complete", "the input is the whole cluster: what it lacks does not exist")
    .option("-n, --namespace <name>", "namespace of objects that name none (default: default)")
    .addOption(
      new Option("--fail-on <level>", "the mildest level that exits 1").choices(["error", "warning"]).default("error"),
    )
    .option("--explain <code>", "print what a message means and how to mend it")
    .addHelpText("after", "\nExit status: 0, 1 when a message is an error, 2 when input cannot be read")
    .action(run);
}

async function run(paths: string[], options: AnalyzeOptions, command: Command): Promise<void> {
  if (options.explain !== undefined) {
    explain(options.explain, command);
    return;
  }
  if (paths.length === 0) command.error("error: name at least one file or folder, or - for standard input");
  const { inputs, messages: unread } = await readInputs(paths);
  const messages = [...unread, ...check(inputs, options)].sort(compareMessages);
  if (options.json === true) console.log(JSON.stringify(messages, undefined, 2));
  else console.log([...messages.map(formatMessage), formatSummary(messages, inputs.length)].join("\n"));
  process.exitCode = verdict(messages, options.failOn);
}

function check(inputs: readonly Input[], { complete, namespace }: AnalyzeOptions): Message[] {
  const parsed = inputs.map(({ name, text }) => parseYamlList(text, { file: name, defaultNamespace: namespace }));
  const objects = Objects.of(parsed.flatMap(({ list }) => list));
  return [...parsed.flatMap(({ messages }) => messages), ...analyze(objects, { complete: complete === true })];
}

function verdict(messages: readonly Message[], failOn: AnalyzeOptions["failOn"]): number {
  if (messages.some(({ code }) => code === "TCP0003")) return exitCodes.unreadable;
  const failing: readonly Level[] = failOn === "error" ? ["Error"] : ["Error", "Warning"];
  return messages.some(({ level }) => failing.includes(level)) ? exitCodes.failed : exitCodes.fine;
}
