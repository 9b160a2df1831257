import { parseArgs } from "node:util";
import sdk from "@pulumi/pulumi/package.json" with { type: "json" };
import { keepProxiesOffLoopback } from "../loopback.ts";
import { LanguageHost } from "./host.ts";

keepProxiesOffLoopback(process.env);

// The engine starts a plugin as `NAME [--logtostderr] [-v=LEVEL] [--tracing ENDPOINT] ENGINE_ADDRESS` and reads its port from the first
// line of output.
const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((argument) => !/^--?v=/.test(argument)),
  options: { version: { type: "boolean" }, logtostderr: { type: "boolean" }, tracing: { type: "string" } },
  allowPositionals: true,
});

if (values.version) {
  console.log(sdk.version);
} else {
  const host = await LanguageHost.listen(positionals.at(-1) ?? "");
  const asked = new Promise<void>((resolve) => {
    process.once("SIGINT", resolve).once("SIGTERM", resolve);
  });
  console.log(host.port);
  await Promise.race([asked, host.abandoned]);
  await host[Symbol.asyncDispose]();
  process.exit();
}
