/** Options that several commands have. */
import { InvalidArgumentError, Option, type Command } from "commander";

/** Which cluster is meant, as kubectl has it. */
export interface ConnectionOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Seconds that an answer of the API server may take to come. */
  readonly timeout: number;
}

/** Which namespaces are meant. */
export interface NamespaceOptions {
  readonly namespace?: string;
  readonly allNamespaces?: true;
}

export interface ColorOptions {
  readonly color: "auto" | "always" | "never";
}

export function addConnectionOptions(command: Command): Command {
  return command
    .option("--kubeconfig <file>", "kubeconfig to use (default: $KUBECONFIG, else ~/.kube/config, else the pod's own)")
    .option("--context <name>", "context of the kubeconfig (default: its current one)")
    .option("--timeout <seconds>", "time that an answer of the API server may take", parseSeconds, 30);
}

export function addColorOption(command: Command): Command {
  return command.addOption(
    new Option("--color <when>", "colours; auto: on a terminal, and as NO_COLOR, FORCE_COLOR and TERM say")
      .choices(["auto", "always", "never"])
      .default("auto"),
  );
}

function parseSeconds(text: string): number {
  if (!/^[1-9][0-9]{0,4}$/.test(text)) throw new InvalidArgumentError("Expected a number of seconds from 1 on.");
  return Number(text);
}

/** `HOST:PORT`, IPv6 in brackets. */
export function parseAddress(text: string): string {
  const port = /^(\[[0-9a-fA-F:.]+\]|[^:\s[\]]+):([0-9]{1,5})$/.exec(text)?.[2];
  if (port === undefined || Number(port) > 65535) {
    throw new InvalidArgumentError("Expected HOST:PORT, such as 127.0.0.1:15000 or [::1]:0.");
  }
  return text;
}
