import { Option, type Command } from "commander";
import { createCommand } from "./command.ts";
import {
  addColorOption,
  addConnectionOptions,
  parseAddress,
  type ColorOptions,
  type ConnectionOptions,
  type NamespaceOptions,
} from "./options.ts";

/** What `tcp-ingress status` was told. */
export interface StatusOptions extends ConnectionOptions, NamespaceOptions, ColorOptions {
  readonly output: "text" | "json";
  /** `HOST:PORT`. */
  readonly admin?: string;
}

/** `tcp-ingress status`: what gateways serve, and which route leads where. */
export function statusCommand(): Command {
  const command = createCommand("status", {
    summary: "Show what gateways serve, and which route leads where",
    description: `Show what gateways serve, and which route leads where.

Of a cluster: the ingress gateways with their pods, the routes of each with the ready endpoints behind every destination, and the conditions of the declared objects. What a pod says of itself comes from its metrics,
through the API server's proxy (the right to get pods/proxy). With --admin one gateway is asked directly, as it runs in standalone mode or behind kubectl port-forward POD 15000.`,
    examples: [
      ["tcp-ingress status -A", "everything in the cluster that kubectl reaches"],
      ["tcp-ingress status -n payments -o json", "one namespace's routes, for a script"],
      ["tcp-ingress status --admin 127.0.0.1:15000", "one gateway"],
    ],
    exit: "0; 2 when neither cluster nor gateway answers, or the options make no sense",
  })
    .option("-n, --namespace <name>", "namespace to speak of (default: the context's, else default)")
    .option("-A, --all-namespaces", "speak of all namespaces")
    .addOption(
      new Option("--admin <host:port>", "ask the admin address of one gateway, and no cluster")
        .argParser(parseAddress)
        .conflicts(["namespace", "allNamespaces", "kubeconfig", "context"]),
    )
    .addOption(new Option("-o, --output <format>", "how to print").choices(["text", "json"]).default("text"));
  addConnectionOptions(command);
  return addColorOption(command).action(async (options: StatusOptions) => {
    const { run } = await import("./status/run.ts");
    await run(options);
  });
}
