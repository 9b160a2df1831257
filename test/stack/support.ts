import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const root = join(import.meta.dirname, "..", "..");

/** A config key as `Pulumi.yaml` declares it. */
export interface DeclaredKey {
  readonly type: string;
  readonly description: string;
  readonly default: unknown;
  readonly secret?: boolean;
}

/** The config schema of `Pulumi.yaml`, by key. */
export function declaredKeys(): Record<string, DeclaredKey> {
  return (parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as { config: Record<string, DeclaredKey> }).config;
}

/** The defaults of all keys, and what a stack says on top. */
export function configWith(values: Record<string, unknown>): Record<string, unknown> {
  const defaults = Object.entries(declaredKeys()).map(([key, declared]) => [key, declared.default]);
  return { ...Object.fromEntries(defaults), ...values };
}

/** What `Pulumi.STACK.yaml` says. */
export function stackFile(stack: string): Record<string, unknown> {
  const { config } = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^tcp-ingress:/, ""), value]));
}
