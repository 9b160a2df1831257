import { InvalidArgumentError, Option, type Command } from "commander";
import { createCommand } from "./command.ts";
import { parseAddress } from "./options.ts";

/** What `tcp-ingress gateway` was told; the data plane itself is the gateway's (app/gateway/standalone.ts). */
export interface GatewayOptions {
  readonly config: string;
  readonly engine: "auto" | "net" | "epoll";
  readonly workers?: number;
  readonly admin?: string;
  readonly watch: boolean;
}

/** `tcp-ingress gateway`: the data plane without a cluster. */
export function gatewayCommand(): Command {
  return createCommand("gateway", {
    summary: "Serve TCP routes without a cluster",
    description: `Serve TCP routes without a cluster.

The configuration is the same YAML, with ServiceEntries or WorkloadEntries for the endpoints. Every Gateway in it is served. The first line on standard output is JSON with the listeners and the admin address; then comes
the access log. SIGTERM drains the connections and ends, a second SIGINT ends at once.`,
    examples: [
      ["tcp-ingress gateway --config routes.yaml", "serve a file"],
      ["tcp-ingress gateway --config routes/ --watch --admin 127.0.0.1:15000", "follow a folder, with a status page"],
    ],
    exit: "0 after a drain; 1 when the configuration cannot be served; 2 when the options make no sense",
  })
    .requiredOption("--config <path>", "file or folder with Gateways, VirtualServices, ServiceEntries and the like")
    .addOption(new Option("--engine <name>", "what moves the bytes").choices(["auto", "net", "epoll"]).default("auto"))
    .option("--workers <n>", "number of workers (default: what the engine thinks best)", parseCount)
    .option("--admin <host:port>", "address of health, metrics and the rest (port 0 picks one)", parseAddress)
    .option("--watch", "follow changes of the configuration", false)
    .action(async (options: GatewayOptions) => {
      const { runStandalone } = await import("../app/gateway/standalone.ts");
      process.exitCode = await runStandalone(options);
    });
}

function parseCount(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new InvalidArgumentError("Expected a number from 1 on.");
  return Number(text);
}
