import { Command, InvalidArgumentError, Option } from "commander";

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
  return new Command("gateway")
    .description("Serve TCP routes without a cluster")
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
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new InvalidArgumentError("Expected a number from 1 on");
  return Number(text);
}

function parseAddress(text: string): string {
  const port = /^(\[[0-9a-fA-F:.]+\]|[^:\s[\]]+):([0-9]{1,5})$/.exec(text)?.[2];
  if (port === undefined || Number(port) > 65535) {
    throw new InvalidArgumentError("Expected HOST:PORT, such as 127.0.0.1:15000 or [::1]:0");
  }
  return text;
}
