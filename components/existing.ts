import { currentAnalysis } from "./analysis/stack-analysis.ts";

/** A Kubernetes object as YAML has it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
}

/**
 * Tells the analysis of an object that others apply, such as a Gateway that a VirtualService of this program binds to, or the DestinationRule of another team's Service.
 * Nothing is created.
 */
export function declareExisting(manifest: Manifest): void {
  const { kind, metadata } = manifest;
  currentAnalysis().declare({
    identity: { kind, namespace: metadata.namespace ?? "default", name: metadata.name, existing: true },
    manifest,
  });
}
