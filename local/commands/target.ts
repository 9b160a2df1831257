import { homedir } from "node:os";
import { delimiter, isAbsolute, join, relative, resolve } from "node:path";
import { clusterFolder, repository } from "./paths.ts";
import type { StackFile } from "./stack-file.ts";

/** Which cluster stack `local` goes to: one that we start, or one that somebody has. */
export type Target = { readonly kind: "own" } | { readonly kind: "foreign"; readonly kubeconfig: string };

/**
 * The cluster that KUBECONFIG or the stack's configuration names; our own where they name none, or ours, as the last screen of `npm run local` tells people
 * to export its KUBECONFIG.
 */
export function chooseTarget(stack: StackFile, env: NodeJS.ProcessEnv = process.env): Target {
  const configured = stack.config?.["tcp-ingress:kubeconfig"];
  const kubeconfig = typeof configured === "string" && configured !== "" ? fromRepository(configured) : env.KUBECONFIG;
  if (!kubeconfig || kubeconfig.split(delimiter).every(isOurs)) return { kind: "own" };
  return { kind: "foreign", kubeconfig };
}

/** As a person would say it. */
export function describeTarget(target: Target): string {
  return target.kind === "own" ? "the cluster of npm run local" : `the cluster of ${target.kubeconfig}`;
}

function fromRepository(path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(repository, path);
}

function isOurs(path: string): boolean {
  const inside = relative(clusterFolder, resolve(path));
  return !inside.startsWith("..") && !isAbsolute(inside);
}
