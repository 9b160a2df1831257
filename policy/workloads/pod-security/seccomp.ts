import type { V1SeccompProfile } from "@kubernetes/client-node";

/** Whether a profile holds a container back at all. */
export function isConfining({ type }: V1SeccompProfile): boolean {
  return type === "RuntimeDefault" || type === "Localhost";
}
