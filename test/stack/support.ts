import type * as pulumi from "@pulumi/pulumi";
import settings from "@pulumi/pulumi/runtime/settings.js";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { Engine } from "../components/support/engine.ts";

export const root = join(import.meta.dirname, "..", "..");

/** A config key as `Pulumi.yaml` declares it. */
export interface DeclaredKey {
  readonly type: string;
  readonly description: string;
  readonly default: unknown;
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

/** What the stack program exports. */
export interface Program {
  readonly endpoints: pulumi.Output<unknown>;
  readonly tryIt: pulumi.Output<unknown>;
}

let runs = 0;

/** The SDK exports it, and leaves it out of its types. */
const { waitForRPCs } = settings as unknown as { waitForRPCs(): Promise<void> };

/** Runs the stack program with this configuration, of which some keys are secret; images that it builds get a digest, and the load balancer an address. */
export async function run(
  values: Record<string, unknown>,
  secrets: readonly string[] = [],
): Promise<{ engine: Engine; program: Program }> {
  const outputs = (type: string): Record<string, unknown> => {
    if (type === "docker:index/image:Image")
      return { repoDigest: `registry.example.com/built@sha256:${"0".repeat(64)}` };
    return type === "kubernetes:core/v1:Service"
      ? { status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } } }
      : {};
  };
  const engine = await Engine.start(outputs, { config: configWith(values), secrets });
  const program = (await import(`../../index.ts?run=${runs++}`)) as Program;
  // Images are built in their own time.
  await waitForRPCs();
  await engine.resources();
  return { engine, program };
}
