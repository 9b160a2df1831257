import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type GroupVersionKind } from "../object.ts";
import { kindText } from "../kinds.ts";

/** Minor versions of Kubernetes 1; `field-types/generate.go` makes the table. */
interface Lifecycle {
  readonly introduced?: number;
  readonly removed?: number;
  /** The kind that took its place. */
  readonly replacement?: string;
}

let table: Readonly<Record<string, Lifecycle>> | undefined;

function lifecycleOf(kind: string): Lifecycle | undefined {
  table ??= JSON.parse(readFileSync(join(import.meta.dirname, "lifecycles.json"), "utf8")) as Readonly<
    Record<string, Lifecycle>
  >;
  return table[kind];
}

/** What to tell about a kind that the API server, of a minor version of Kubernetes 1, no longer has. */
export function removalOf(kind: GroupVersionKind, minor: number): string | undefined {
  const text = kindText(kind);
  const { removed, replacement = text } = lifecycleOf(text) ?? {};
  if (removed === undefined || minor < removed) return undefined;
  return `apiVersion "${text}" was removed in Kubernetes 1.${removed}. Use "${replacement}" instead.\nSee https://git.k8s.io/kubernetes/CHANGELOG/CHANGELOG-1.${removed}.md#deprecation for more information.`;
}

/** What to tell about a kind that has a successor in the API server. */
export function deprecationOf(kind: GroupVersionKind, minor: number): string | undefined {
  const text = kindText(kind);
  const { removed, replacement } = lifecycleOf(text) ?? {};
  if (replacement === undefined || minor < (lifecycleOf(replacement)?.introduced ?? 0)) return undefined;
  const end = removed === undefined ? "." : ` and not supported by Kubernetes v1.${removed}+ clusters.`;
  return `${text} is deprecated by ${replacement}${end}`;
}
