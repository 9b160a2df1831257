/**
 * Destinations that connections are refused for. The Gateway API wants the share of a backend that does not exist, or may not be used, to be refused and not to be taken over by
 * the others (TCPRoute, `backendRefs`), so that derived VirtualServices name such a backend all the same.
 */
import type { VirtualService } from "../objects.ts";

/** RFC 2606 keeps `.invalid` from ever being anybody's. */
const suffix = ".refused.invalid";

/** The host of a destination that nobody may be behind. */
export function refusedHost(name: string): string {
  return `${name}${suffix}`;
}

/** Whether a destination of a VirtualService was refused when that was derived, which was said then. */
export function isRefused({ origin }: VirtualService, host: string): boolean {
  return origin.source !== undefined && host.endsWith(suffix);
}

/** Whether what cannot be reached keeps its share of a VirtualService's connections, which are refused, instead of being left out. */
export function keepsShare({ origin }: VirtualService): boolean {
  return origin.source !== undefined;
}
