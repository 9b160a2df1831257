/** Host names as Istio uses them: exact, `*`, or with a `*.` prefix; compared without regard to case or a trailing dot. */

/** The domain of a cluster's Services. */
export const clusterDomain = "cluster.local";

/** The reserved name, among a VirtualService's gateways, for all sidecars: no gateway is called so. */
export const meshGateway = "mesh";

export function normalizeHost(host: string): string {
  const lower = host.toLowerCase();
  return lower.endsWith(".") ? lower.slice(0, -1) : lower;
}

/** A name without any dot is a Service's in the namespace; all others are fully qualified already. */
export function qualifyHost(host: string, namespace: string): string {
  const normal = normalizeHost(host);
  return /[.:*]/.test(normal) ? normal : `${normal}.${namespace}.svc.${clusterDomain}`;
}

/** The host name of a Service. */
export function serviceHost(service: {
  readonly metadata: { readonly name: string; readonly namespace: string };
}): string {
  return `${service.metadata.name}.${service.metadata.namespace}.svc.${clusterDomain}`;
}

/** The namespace that a Service of this host name would be in; undefined where it is no Service's name. */
export function serviceNamespace(host: string): string | undefined {
  const suffix = `.svc.${clusterDomain}`;
  return host.endsWith(suffix) ? host.slice(0, -suffix.length).split(".")[1] : undefined;
}

/** Whether a pattern (exact, `*`, `*.suffix`) covers every name that another pattern or name covers. Both are normalized. */
export function covers(pattern: string, host: string): boolean {
  if (pattern === host || pattern === "*") return true;
  return pattern.startsWith("*") && host.length >= pattern.length && host.endsWith(pattern.slice(1));
}

/** A host and all patterns that cover it, the most specific first. It is normalized. */
export function* coveringPatterns(host: string): Generator<string> {
  yield host;
  if (host === "*") return;
  for (let dot = host.indexOf(".", host.startsWith("*") ? 2 : 0); dot >= 0; dot = host.indexOf(".", dot + 1)) {
    yield `*${host.slice(dot)}`;
  }
  yield "*";
}

/** Whether two patterns have a name in common. Both are normalized. */
export function overlaps(a: string, b: string): boolean {
  return covers(a, b) || covers(b, a);
}

/** The more a pattern says the higher: an exact name, then the longest suffix, then `*`. */
export function specificity(pattern: string): number {
  return pattern.startsWith("*") ? pattern.length : 1000 + pattern.length;
}

/** A host of a Gateway's server: `[namespace/]host`. */
export interface ServerHost {
  /** Of the VirtualServices that may use it; undefined: any. */
  readonly namespace: string | undefined;
  readonly host: string;
}

/** Takes a server's host apart; `.` is the Gateway's own namespace, `*` any. */
export function parseServerHost(text: string, gatewayNamespace: string): ServerHost {
  const slash = text.indexOf("/");
  if (slash < 0) return { namespace: undefined, host: normalizeHost(text) };
  const namespace = text.slice(0, slash);
  return {
    namespace: namespace === "*" ? undefined : namespace === "." ? gatewayNamespace : namespace,
    host: normalizeHost(text.slice(slash + 1)),
  };
}
