import type { InvokeRequest, InvokeResponse } from "../../provider/index.ts";
import type { Connection } from "../connection.ts";
import { officialPluginHint } from "../unsupported.ts";
import { decodeYaml } from "./decode-yaml.ts";

const unsupported: ReadonlySet<string> = new Set(["kubernetes:helm:template", "kubernetes:kustomize:directory"]);

/** Functions of the provider. */
export function invoke({ token, args }: InvokeRequest, connection: Connection): Promise<InvokeResponse> {
  if (token === "kubernetes:yaml:decode") return decodeYaml(args, connection);
  if (unsupported.has(token))
    throw new Error(`${token} is not supported by this stand-in of the kubernetes plugin: ${officialPluginHint}`);
  throw new Error(`unknown Invoke type "${token}"`);
}
