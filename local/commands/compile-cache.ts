import { join } from "node:path";
import { localFolder } from "./paths.ts";

/** An environment in which Node keeps what it has compiled: the stack program and the policy pack are loaded anew by each command, and together are some thousand files. */
export function withCompileCache(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: join(localFolder, "compile-cache"), ...env };
}
